import type { Delivery } from 'rhea'

const refusal = { condition: 'amqp:internal-error', description: 'requested failure' }

/** Settles the deliveries of one connection, in the order of the calls. */
export interface Settler {
  settle(delivery: Delivery, isAccepted: boolean): void
}

/**
 * rhea writes one disposition for adjacent deliveries that are settled in the same turn, with the outcome of the first.
 * So each turn settles only deliveries with the same outcome.
 */
export function createSettler(): Settler {
  let waiting: { readonly delivery: Delivery; readonly isAccepted: boolean }[] = []
  let outcomeOfTurn: boolean | undefined

  const act = (delivery: Delivery, isAccepted: boolean): void => {
    if (isAccepted) delivery.accept()
    else delivery.reject(refusal)
  }
  const turn = (): void => {
    outcomeOfTurn = undefined
    const queued = waiting
    waiting = []
    for (const { delivery, isAccepted } of queued) settle(delivery, isAccepted)
  }
  const settle = (delivery: Delivery, isAccepted: boolean): void => {
    if (waiting.length > 0 || (outcomeOfTurn !== undefined && outcomeOfTurn !== isAccepted)) {
      waiting.push({ delivery, isAccepted })
      return
    }
    if (outcomeOfTurn === undefined) {
      outcomeOfTurn = isAccepted
      setImmediate(turn)
    }
    act(delivery, isAccepted)
  }
  return { settle }
}
