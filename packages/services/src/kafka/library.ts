import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ServiceError } from '../errors.ts'
import { findProgram, run } from '../machine/command.ts'

export const kafkaVersion = '4.3.0'

/** More than 50 MB to download. */
const fetchLimitMs = 600_000

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cloudbench</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`

/** Where the broker's jars are or will be: `CLOUDBENCH_KAFKA_JARS`, else the user's cache. */
export function libraryFolder(env: NodeJS.ProcessEnv): string {
  const given = env['CLOUDBENCH_KAFKA_JARS']
  if (given !== undefined && given !== '') return given
  const cache = env['XDG_CACHE_HOME']
  const folder = cache === undefined || cache === '' ? join(env['HOME'] ?? homedir(), '.cache') : cache
  return join(folder, 'cloudbench', 'kafka', kafkaVersion)
}

/** Fetches the broker's jars with Maven, unless they are there. @throws ServiceError when it cannot. */
export async function fetchKafka(env: NodeJS.ProcessEnv, mayFetch: boolean): Promise<void> {
  const folder = libraryFolder(env)
  if (await isFolder(folder)) return
  if (!mayFetch)
    throw new ServiceError({
      what: `the Kafka broker is not in ${folder} yet, and downloading it was not allowed`,
      next: 'cloudbench up kafka',
    })
  const maven = await findProgram(['mvn'], env)
  if (maven === undefined)
    throw new ServiceError({
      what: `the Kafka broker is not in ${folder}, and mvn, which would fetch it, is not on the PATH`,
      expected: 'Maven, or the libs folder of a Kafka distribution in CLOUDBENCH_KAFKA_JARS',
    })
  await mkdir(dirname(folder), { recursive: true })
  const work = await mkdtemp(join(tmpdir(), 'cloudbench-maven-'))
  // next to its final place and moved there in one step: a folder that exists is complete.
  const draft = await mkdtemp(`${folder}-`)
  try {
    const pom = join(work, 'pom.xml')
    await writeFile(pom, project)
    const args = [
      '--batch-mode',
      '--quiet',
      '--file',
      pom,
      'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies',
      `-DoutputDirectory=${draft}`,
      '-DincludeScope=runtime',
    ]
    const fetched = await run({ file: maven, args }, { env, timeoutMs: fetchLimitMs })
    if (fetched.code !== 0)
      throw new ServiceError({
        what: `Maven could not fetch the Kafka broker: ${lastLines(fetched.output)}`,
        expected: 'access to Maven Central or a mirror of it',
      })
    // another process may have been faster; its folder is just as good.
    await rename(draft, folder).catch(async (error: unknown) => {
      if (!(await isFolder(folder))) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
    await rm(work, { recursive: true, force: true })
  }
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join('; ')
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
