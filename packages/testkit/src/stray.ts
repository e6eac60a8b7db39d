import { fault, type FaultError } from './fault.ts'

/** A reporter writes where it should not. */
export function stray(files: string, who = 'the reporter'): FaultError {
  return fault({
    what: `${who} writes outside of the output folder: ${files}`,
    expected: 'files below the folder that the user has chosen',
    next: 'context.output.write and context.output.append, with relative paths without .., and no names in them as they are',
  })
}
