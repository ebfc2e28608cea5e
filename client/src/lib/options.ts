/** One value that a page was opened with; a mini-program hands it over still encoded, a browser does not. */
export function option(options: Record<string, unknown> | undefined, name: string): string {
  const given = String(options?.[name] ?? '')
  try {
    return decodeURIComponent(given)
  } catch {
    return given
  }
}
