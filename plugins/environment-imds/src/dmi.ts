import { join } from 'node:path'
import { readText } from '@cloudbench/environment-kit'

/** What the firmware says about the machine. Of clouds it is a hint: firmware of virtual machines says what its owner wants. */
export interface Dmi {
  /** `Amazon EC2`, `Microsoft Corporation`, `Dell Inc.` … */
  readonly vendor?: string
  readonly product?: string
  /** On AWS's Nitro, the instance id. */
  readonly assetTag?: string
}

/** Reads it; what cannot be read is absent. Never rejects. */
export async function readDmi(root: string): Promise<Dmi> {
  const read = async (name: string): Promise<string | undefined> => {
    const text = await readText(join(root, 'sys/class/dmi/id', name))
    return (
      text
        ?.trim()
        .slice(0, 80)
        .replaceAll(/[^\x20-\x7e]/g, '') || undefined
    )
  }
  const [vendor, product, assetTag] = await Promise.all(
    ['sys_vendor', 'product_name', 'board_asset_tag'].map(read),
  )
  return { ...(vendor && { vendor }), ...(product && { product }), ...(assetTag && { assetTag }) }
}
