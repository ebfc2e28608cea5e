/** A01、A02、A03、B07 → A01–A03、B07: long rows of windows said in short. */
export function rows(codes: string[]): string {
  const said: string[] = []
  for (let first = 0, last = 0; first < codes.length; first = last + 1) {
    last = first
    while (follows(codes[last], codes[last + 1])) last += 1
    const alone = last - first < 2
    said.push(alone ? codes.slice(first, last + 1).join('、') : `${codes[first]}–${codes[last]}`)
  }
  return said.join('、')
}

interface Group {
  windows: string[]
  serves: string[]
  weekend_serves: string[]
}

/** Which windows, for what, and what of it at the weekend. */
export function groupWords(group: Group): string {
  const weekend = group.weekend_serves.join('、')
  const also = !weekend ? '周末不办' : weekend === group.serves.join('、') ? '周末轮值也办' : `周末轮值只办${weekend}`
  return `${rows(group.windows)}号窗口，办理${group.serves.join('、')}。${also}。`
}

function follows(one: string | undefined, next: string | undefined): boolean {
  const [a, b] = [parted(one), parted(next)]
  return a !== null && b !== null && a.letters === b.letters && a.width === b.width && b.number === a.number + 1
}

function parted(code: string | undefined): { letters: string; number: number; width: number } | null {
  const found = /^(\D*)(\d+)$/.exec(code ?? '')
  return found ? { letters: found[1] ?? '', number: Number(found[2]), width: (found[2] ?? '').length } : null
}
