import type { Ticket } from './types'

const NEAR = 3 // people
const OFTEN = 5 // seconds
const USUALLY = 15

/** Whether a number will not be called any more. */
export function isOver(ticket: Ticket): boolean {
  return ['served', 'passed', 'cancelled'].includes(ticket.state)
}

/** After how many seconds to look again: often when it is nearly one's turn, never when it is over; undefined is not known yet. */
export function queuePause(ticket: Ticket | null | undefined): number | null {
  if (ticket === undefined) return OFTEN
  // A number that was passed over may be put back by the window.
  if (ticket === null || ticket.state === 'served' || ticket.state === 'cancelled') return null
  if (ticket.state === 'called') return OFTEN
  return ticket.people_ahead !== null && ticket.people_ahead <= NEAR ? OFTEN : USUALLY
}

/** How long it may take, honestly: nobody may know. */
export function expected(ticket: Ticket): string {
  const minutes = ticket.expected_wait_minutes
  if (minutes === null) return '还估不出要等多久，请留意叫号'
  if (minutes < 1) return '很快就到，请在窗口附近等候'
  if (minutes < 60) return `大约还要等${minutes}分钟，可能早一些或晚一些`
  const rest = minutes % 60
  return `大约还要等${Math.floor(minutes / 60)}小时${rest ? `${rest}分钟` : ''}，可能早一些或晚一些`
}
