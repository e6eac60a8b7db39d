import { visibleJson } from '@cloudbench/core/text'
import type { CommandContext } from '../command-context.ts'
import { examine, type DoctorArguments } from '../doctor/examine.ts'
import { countsOf } from '../doctor/finding.ts'
import { doctorJson } from '../doctor/json.ts'
import { doctorPage } from '../doctor/page.ts'

export interface DoctorCommandArguments extends DoctorArguments {
  readonly json?: boolean
}

/** Checks everything that a run needs, and prints what environments say. Returns 2 when something makes runs impossible. */
export async function doctor(
  context: CommandContext,
  { json, ...given }: DoctorCommandArguments,
): Promise<number> {
  const examination = await examine(context, given)
  const { stdout } = context.terminal
  if (json) {
    context.isRead = true
    stdout.write(`${context.redact(visibleJson(doctorJson(examination, context.version), 2))}\n`)
  } else stdout.write(context.redact(doctorPage(examination, stdout)))
  return countsOf(examination.findings, examination.survey).bad > 0 ? 2 : 0
}
