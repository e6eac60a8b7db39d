import type { Driver, DriverContext, Slot, Workload } from '@cloudbench/core'
import { defineDriver } from '@cloudbench/core'

/** What one request of the scripted driver does. */
export type Step = (slot: Slot, context: DriverContext) => void

interface Script extends Pick<Workload, 'prepare' | 'audit' | 'cleanup' | 'observe'> {
  readonly streams?: number
  readonly connect?: (context: DriverContext) => unknown
  readonly close?: () => void
}

/** A driver without a server, which does with each request what the test says. */
export function scripted(
  step: Step,
  { connect, close = () => {}, streams = 1, ...tasks }: Script = {},
): Driver {
  return defineDriver({
    name: 'scripted',
    ...tasks,
    async connect(context) {
      await connect?.(context)
      return { streams, issue: (slot) => step(slot, context), close }
    },
  })
}
