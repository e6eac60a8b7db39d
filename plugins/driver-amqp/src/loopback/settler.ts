import type { Delivery } from 'rhea'

const refusal = { condition: 'amqp:internal-error', description: 'a failure that was asked for' }

/** Settles deliveries of one connection, in the order in which it is told to. */
export interface Settler {
  settle(delivery: Delivery, isAccepted: boolean): void
}

/**
 * rhea writes what was settled in one turn as one disposition per run of neighbours, and gives the second of a run the
 * outcome of the first. So in one turn only deliveries with the same outcome are settled.
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
