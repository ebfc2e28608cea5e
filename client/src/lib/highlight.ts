export interface Part {
  text: string
  hit: boolean
}

/** A text cut into what the search met and what it did not, so that the eye finds why it was found. */
export function parts(text: string, matched: string[]): Part[] {
  const met = new Array<boolean>(text.length).fill(false)
  for (const word of matched.filter(Boolean)) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) met.fill(true, at, at + word.length)
  }
  const found: Part[] = []
  for (let at = 0; at < text.length; at++) {
    const last = found[found.length - 1]
    if (last && last.hit === met[at]) last.text += text[at]
    else found.push({ text: text.charAt(at), hit: met[at] ?? false })
  }
  return found
}
