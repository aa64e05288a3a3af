#!/bin/sh
# Lints policies as `scopegate policy lint` does, and exits as that: `lint.sh policies --bundle FILE`.
# Findings are printed for who reads the log, and are in scopegate.sarif for code review.
set -eu
code=0
scopegate policy lint "$@" --sarif >scopegate.sarif || code=$?
if [ "$code" -gt 1 ]; then
    # A file is no policy: that was told already, and what there is of SARIF is none.
    rm -f scopegate.sarif
    exit "$code"
fi
scopegate policy lint "$@" || test $? -eq "$code"
exit "$code"
