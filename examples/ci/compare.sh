#!/bin/sh
# Tells what NEW opens and closes against OLD: `compare.sh OLD NEW --profile huaweicloud`.
# Exits with 1 where it opens something, and with 2 where that could not be told. The Markdown is in
# differences.md, in the log, and in the summary of GitHub's job.
set -eu
most=1000000 # bytes: GitHub takes 1 MiB
code=0
scopegate diff "$@" --markdown --fail-on opened >differences.md || code=$?
if [ "$code" -gt 1 ]; then
    echo 'The tables could not be compared. The log says why.' >differences.md
fi
cat differences.md
if [ "${GITHUB_STEP_SUMMARY:-}" ]; then
    if [ "$(wc -c <differences.md)" -gt "$most" ]; then
        # From what to what, and how many of each kind.
        sed -n 1,3p differences.md
        printf '\nThat is too long for a summary. The log has all of it.\n'
    else
        cat differences.md
    fi >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
