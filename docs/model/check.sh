#!/usr/bin/env bash
# Checks the models with spin: as they are they have no error; with one rule taken away, each has one.
# Ends with "protocol-model: N passed, N failed, N skipped".
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

if ! command -v spin > /dev/null || ! command -v cc > /dev/null; then
    echo "protocol model is skipped: spin and a C compiler are needed (Debian: apt-get install spin gcc)"
    echo "protocol-model: 0 passed, 0 failed, 1 skipped"
    exit 0
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Runs a part of a model; prints "none", "found" or what went wrong.
errors_of() {
    local model="$1" part="$2" fault="$3" folder="$work/$1-$2-${3:-none}"
    mkdir -p "$folder"
    (
        cd "$folder" || exit
        spin -a "-D$part" ${fault:+"-D$fault"} "$here/$model.pml" > spin.log 2>&1 || { echo "spin: $(head -3 spin.log)"; exit; }
        cc -O2 -DCOLLAPSE -DSAFETY -DMEMLIM=3000 -w -o pan pan.c > cc.log 2>&1 || { echo "cc: $(head -3 cc.log)"; exit; }
        timeout "${SEGNO_MODEL_SECONDS:-200}" ./pan -m1000000 > pan.log 2>&1 || { echo "pan: exit code $?"; exit; }
        if grep -q "errors: 0" pan.log; then
            grep -q "max search depth too small\|out of memory\|Search not completed\|Warning: Search" pan.log && { echo "incomplete"; exit; }
            echo "none"
        else
            echo "found"
        fi
    )
}

expect() {
    local model="$1" part="$2" fault="$3" wanted="$4" begin=$SECONDS result log
    log="$work/$model-$part-${fault:-none}/pan.log"
    result="$(errors_of "$model" "$part" "$fault")"
    if [ "$result" = "$wanted" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
    echo "$model, $part, ${fault:-as it is}: errors $result, expected $wanted; $(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$log" 2> /dev/null | head -1) states, $((SECONDS - begin)) s"
    grep -m1 "^pan:1:" "$log" 2> /dev/null | cut -c1-120
}

for model in "$here"/*.pml; do
    name="$(basename "$model" .pml)"
    for part in $(grep -o 'PART_[A-Z]*[A-Z]' "$model" | sort -u); do
        expect "$name" "$part" "" none
    done
    # A line of the model tells in which part a fault shows: FAULT_NAME in PART_NAME.
    while read -r fault part; do
        expect "$name" "$part" "$fault" found
    done < <(sed -n 's/^ \*   \(FAULT_[A-Z_]*\) in \(PART_[A-Z]*\):.*/\1 \2/p' "$model")
done

echo "protocol-model: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
