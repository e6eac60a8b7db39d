import type { Json } from '@cloudbench/core'
import type { Order, Report } from '../job.ts'

/** Reports to the process that started this one. */
export function tell(report: Report, sent?: () => void): void {
  process.send?.(report, undefined, undefined, () => sent?.())
}

/** Says what comes next, so that the parent can say where it hung. */
export function doing(what: string): void {
  tell({ type: 'doing', what })
}

/** Asks the parent for something that only it knows. One question at a time. */
export function ask(question: string): Promise<Json> {
  return new Promise((resolve, reject) => {
    const hear = (order: Order): void => {
      if (order.type !== 'answer' && order.type !== 'refusal') return
      process.off('message', hear)
      if (order.type === 'answer') resolve(order.answer)
      else reject(new Error(order.message))
    }
    process.on('message', hear)
    tell({ type: 'question', question })
  })
}

/** Resolves when the parent closes the loopback server. */
export function untilClosed(): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (order: Order) => {
      if (order.type === 'close') resolve()
    })
  })
}
