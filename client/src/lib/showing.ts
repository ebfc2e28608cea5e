const MINUTE_S = 60

/** How long a code is still good, in words: 4分05秒, 32秒. */
export function remaining(seconds: number): string {
  const minutes = Math.floor(seconds / MINUTE_S)
  const rest = seconds % MINUTE_S
  return minutes ? `${minutes}分${String(rest).padStart(2, '0')}秒` : `${rest}秒`
}
