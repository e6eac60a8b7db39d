import type { Call, RequestTrace } from '@cloudbench/core'
import { compileTemplate, render } from '@cloudbench/driver-kit'
import { Metadata } from '@grpc/grpc-js'

/** Fills in the generated parts. Returns the same object every time. */
export type MetadataWriter = (call: Call) => Metadata

/** Compiles the metadata of calls that are made one after another. */
export function createMetadataWriter(
  written: Readonly<Record<string, string>>,
  trace: RequestTrace | undefined,
): MetadataWriter {
  const metadata = new Metadata()
  const compiled = Object.entries(written).map(([name, text]) => ({ name, template: compileTemplate(text) }))
  for (const { name, template } of compiled)
    metadata.set(name, name.endsWith('-bin') ? Buffer.from(template.head, 'base64') : template.head)
  const generated = compiled.filter(({ template }) => template.parts.length > 0)
  const ownTrace = Object.hasOwn(written, 'traceparent') ? undefined : trace
  return (call) => {
    if (ownTrace) metadata.set('traceparent', ownTrace.traceparent(call.index))
    for (let at = 0; at < generated.length; at++)
      metadata.set(generated[at]!.name, render(generated[at]!.template, call))
    return metadata
  }
}
