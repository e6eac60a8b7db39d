import { createRedactor } from '@cloudbench/core/text'
import type { CommandContext } from './command-context.ts'

/** Keeps the passwords of urls that were typed out of the output: errors quote words before the configuration is read. */
export function hideTyped(argv: readonly string[], context: CommandContext): void {
  const redactor = createRedactor()
  for (const word of argv)
    // wherever one begins, it may go on to the end of the word: a password has spaces and quotes too
    for (const { index, 0: before } of word.matchAll(/^|=|(?<![a-z0-9+.-])(?=[a-z][a-z0-9+.-]*:\/)/gi))
      redactor.rememberUrls(word.slice(index + before.length))
  const { redact } = context
  context.redact = (text) => redact(redactor.redact(text))
}
