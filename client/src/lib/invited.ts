/** The code in what somebody pasted (邀请码、授权码): it comes in a sentence that says where to put it. */
export function codeIn(pasted: string): string {
  return pasted.match(/[\w-]{20,}/)?.[0] ?? pasted.trim()
}
