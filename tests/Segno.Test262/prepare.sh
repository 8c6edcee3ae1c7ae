#!/usr/bin/env bash
# Makes the checkout of test262 that the runner uses: the pinned commit, from any git remote or local clone.
# usage: prepare.sh <remote-or-clone> [target folder]
set -euo pipefail
if [ $# -lt 1 ]; then
    echo "usage: $0 <remote-or-clone> [target folder]" >&2
    exit 2
fi
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
commit="$(cat "$here/test262.commit")"
source="$1"
target="${2:-${TEST262_ROOT:-$HOME/.cache/segno/test262}}"
mkdir -p "$target"
cd "$target"
if [ ! -e .git ]; then
    git init --quiet
fi
if ! git cat-file -e "$commit^{commit}" 2>/dev/null; then
    git fetch --quiet --depth 1 "$source" "$commit" || git fetch --quiet "$source"
fi
git -c advice.detachedHead=false checkout --quiet "$commit"
echo "test262 $commit is in $target"
