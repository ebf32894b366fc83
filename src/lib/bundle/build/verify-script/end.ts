/** What it comes to. A check that did not run counts as failed: the number of those that hold must be the number wanted. */
export const END = `
echo
if [ "$has_log" = no ]; then echo "This bundle carries no proof from a log: the signature and the time stamps are all there is."; fi
if [ -z "$stamps" ]; then echo "This bundle carries no time stamp of an authority."; fi
if [ "$bads" -gt 0 ] || [ "$oks" -ne "$wanted" ]; then
  echo "NOT VERIFIED: $((wanted - oks)) of $wanted checks failed. Do not rely on this bundle; ask for it again and keep this copy."
  exit 1
fi
if [ -n "$fingerprint" ] || [ -n "$trust" ]; then
  echo "VERIFIED: all $oks checks hold, and the key was compared."
  exit 0
fi
echo "ALL $oks CHECKS HOLD, but the key came with the bundle. Compare its fingerprint with the hand-over form:"
echo "$found"
exit 3
`
