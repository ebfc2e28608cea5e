/** What both runners ask a backend with; it knows when a page has asked for all that it wants. */

const QUIET_MS = 100

let asking = 0
let lastAnswered = 0

/** One request; counts as under way until its whole body is read. */
async function ask(address, options) {
  asking += 1
  try {
    const answer = await fetch(address, options)
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.from(await answer.arrayBuffer()) }
  } finally {
    asking -= 1
    lastAnswered = Date.now()
  }
}

/** Waits until nothing has been asked for a moment, however slow the machine. */
async function settled() {
  lastAnswered = Date.now()
  while (asking || Date.now() - lastAnswered < QUIET_MS) await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4))
}

function parsed(body) {
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The code with which whoever logged in at the platform logs in here. */
async function login(address) {
  return parsed((await ask(address, { method: 'POST' })).body)
}

module.exports = { ask, login, parsed, settled }
