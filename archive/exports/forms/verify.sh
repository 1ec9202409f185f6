#!/bin/sh
# Checks this package with sha256sum and a shell. Run it inside the folder of the package: sh verify.sh
set -eu

echo "1. Files of this package"
sha256sum --quiet -c SHA256SUMS

echo "2. Entries of the chain: each has its digest, and names the digest of the one before"
before=
exec 3<chain/entries.sha256
while IFS= read -r text; do
    IFS= read -r expected <&3
    found=$(printf '%s' "$text" | sha256sum | cut -d ' ' -f 1)
    [ "$found" = "$expected" ] || { echo "this entry has another digest: $text"; exit 1; }
    if [ -n "$before" ]; then
        case "$text" in
            *"\"prev\":\"$before\""*) ;;
            *) echo "this entry does not follow the one before: $text"; exit 1 ;;
        esac
    fi
    before=$found
done <chain/entries.jsonl

echo "3. The last entry is the head"
[ "$(cut -d : -f 2 chain/head.txt)" = "$before" ] || { echo "the head is another entry"; exit 1; }

echo "4. Captures: their bytes are those that their entries name"
for file in captures/*/*; do
    case "$file" in
        */body-as-received.bin) field=wire_sha256 ;;
        */body.*) field=body_sha256 ;;
        */headers.json) field=headers_sha256 ;;
        */request.json) field=request_sha256 ;;
        */redirects.json) field=redirects_sha256 ;;
        */certificate.der) field=certificate_sha256 ;;
        *) continue ;;
    esac
    folder=${file%/*}
    number=${folder##*-}
    digest=$(sha256sum "$file" | cut -d ' ' -f 1)
    grep "\"seq\":$number," chain/entries.jsonl | grep -q "\"$field\":\"$digest\"" ||
        { echo "$file is not what entry $number names"; exit 1; }
done

echo "All is as it was entered."
