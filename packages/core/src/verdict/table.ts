import { generatorRows } from './rows/generator.ts'
import { hostRows } from './rows/host.ts'
import { machineRows } from './rows/machine.ts'
import { networkRows } from './rows/network.ts'
import { targetRows } from './rows/target.ts'
import type { SignalRow } from './signal-row.ts'

const rows = [...generatorRows, ...targetRows, ...machineRows, ...networkRows, ...hostRows]

/** A name of the table, as in `verdict.thresholds.<name>`. */
export type SignalTableName = (typeof rows)[number]['name']

/**
 * Everything that is watched, with its thresholds: the only place that has them. They are choices of ours, not published constants,
 * unless a row says otherwise, and can be replaced by the configuration: `verdict.thresholds`.
 */
export const signalTable: readonly SignalRow[] = rows
