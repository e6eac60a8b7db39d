import { createRegistry, type DescFile, type Registry } from '@bufbuild/protobuf'
import * as wkt from '@bufbuild/protobuf/wkt'

/** What `.proto` files can import without the files being there. */
export const wellKnown: ReadonlyMap<string, DescFile> = new Map(
  [
    wkt.file_google_protobuf_any,
    wkt.file_google_protobuf_duration,
    wkt.file_google_protobuf_empty,
    wkt.file_google_protobuf_field_mask,
    wkt.file_google_protobuf_struct,
    wkt.file_google_protobuf_timestamp,
    wkt.file_google_protobuf_wrappers,
  ].map((file) => [file.proto.name, file]),
)

/** The types of a registry, and the well-known ones. */
export function typesOf(registry?: Registry): Registry {
  return createRegistry(...wellKnown.values(), ...(registry === undefined ? [] : [registry]))
}
