#!/bin/sh
# Puts OPA's release at FOLDER/opa, and nothing else there: `opa.sh FOLDER`, on Linux with an amd64.
# The environment's OPA_VERSION says which, and OPA_SHA256 what it has to be, byte for byte.
set -eu
release="https://github.com/open-policy-agent/opa/releases/download/v${OPA_VERSION:?}"
mkdir -p "$1"
# Under another name until it is known to be the one.
new="$1/opa.new"
trap 'rm -f "$new"' EXIT
curl --fail --silent --show-error --location --proto '=https' --retry 3 \
    --output "$new" "$release/opa_linux_amd64_static"
echo "${OPA_SHA256:?}  $new" | sha256sum -c - >/dev/null
chmod 755 "$new"
mv "$new" "$1/opa"
