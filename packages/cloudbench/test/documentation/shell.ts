import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createProgram } from '../../src/cli.ts'
import { createCommandContext } from '../../src/command-context.ts'
import { root, type Block } from './blocks.ts'

/** Parts of the shell, and programs that are not ours. */
const others = new Set(['cd', 'docker', 'done', 'for', 'git', 'jq', 'seq'])

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** What in a shell block cannot be run as written. */
export async function shellFaults({ code, page }: Block): Promise<string[]> {
  const faults: string[] = []
  for (const words of commandsOf(code)) {
    const fault = await faultOf(words, dirname(join(root, page)))
    if (fault !== undefined) faults.push(`${words.join(' ')}: ${fault}`)
  }
  return faults
}

/** The simple commands of a block, without comments, variables, redirections and the words around loops. */
function commandsOf(code: string): string[][] {
  const commands: string[][] = [[]]
  const token =
    /#.*|\\\n|(?<end>\n|&&|\|\|?|;|\$?\(|\))|(?<skip>\d?>&?\s*\S+)|(?<word>(?:'[^']*'|"[^"]*"|\$\w+|[^\s'"|&;()>])+)/g
  for (const { groups } of code.matchAll(token)) {
    const { end, word } = groups!
    if (end !== undefined) commands.push([])
    else if (word !== undefined) commands.at(-1)!.push(word.replaceAll(/['"]/g, ''))
  }
  return commands
    .map((words) => {
      const first = words.findIndex((word) => !/^(do|npx|-y|[A-Z_]+=.*)$/.test(word))
      return first === -1 ? [] : words.slice(first)
    })
    .filter(([program]) => program !== undefined)
}

async function faultOf([program, ...words]: readonly string[], folder: string): Promise<string | undefined> {
  switch (program) {
    case 'cloudbench':
      return await usageFault(words)
    case 'pnpm':
    case 'npm':
      return scriptFault(words.filter((word) => word !== 'run'))
    case 'node': {
      const file = words.find((word) => !word.startsWith('-'))!
      return existsSync(join(folder, file)) || existsSync(join(root, file))
        ? undefined
        : `there is no ${file}`
    }
    default:
      return others.has(program!) ? undefined : 'a program that this test does not know'
  }
}

/** Whether the command line knows the command and every option. Runs nothing. */
async function usageFault(words: readonly string[]): Promise<string | undefined> {
  const program = createProgram(createCommandContext(), () => {})
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  for (const command of program.commands) command.action(() => {})
  try {
    await program.parseAsync(words, { from: 'user' })
    return undefined
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return /help|version/.test(code) ? undefined : message
  }
}

function scriptFault([script, ...words]: readonly string[]): string | undefined {
  if (script === 'install' || script === 'changeset') {
    const ours = words.filter((word) => /^(@cloudbench\/|cloudbench$)/.test(word))
    const missing = ours.filter((name) => !existsSync(join(root, 'node_modules', name)))
    return missing.length === 0 ? undefined : `there is no package ${missing.join(', ')}`
  }
  return Object.hasOwn(scripts, script ?? '') || script === 'exec'
    ? undefined
    : `there is no script ${script}`
}
