import { crc32, deflateRawSync } from 'node:zlib'

/** One part of an archive. Everything a hostile archive may lie about can be set apart from the truth. */
export interface ZipPart {
  name: string | Uint8Array
  content?: string | Uint8Array
  isDeflated?: boolean
  /** Name in the local header, when it is another. */
  localName?: string
  flags?: number
  method?: number
  crc32?: number
  localCrc32?: number
  sizeBytes?: number
  packedBytes?: number
  /** Unix mode, such as 0o120777 for a symbolic link. */
  mode?: number
  /** Sizes and checksum follow the data, as streaming archivers write it. */
  hasDescriptor?: boolean
  /** Point at the local header of the part before. */
  isOverlapping?: boolean
}

export function buildZip(parts: readonly ZipPart[], over: { entryCount?: number } = {}): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  let previous = 0
  for (const part of parts) {
    const start = part.isOverlapping ? previous : offset
    const built = buildPart(part, start)
    centrals.push(built.central)
    previous = offset
    if (part.isOverlapping) continue
    locals.push(built.local)
    offset += built.local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(over.entryCount ?? parts.length, 8)
  end.writeUInt16LE(over.entryCount ?? parts.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

function buildPart(part: ZipPart, start: number): { local: Buffer; central: Buffer } {
  const content = Buffer.from(part.content ?? '')
  const data = part.isDeflated ? deflateRawSync(content) : content
  const flags = (part.flags ?? 0x800) | (part.hasDescriptor ? 8 : 0)
  const method = part.method ?? (part.isDeflated ? 8 : 0)
  const crc = part.crc32 ?? crc32(content)
  const sizeBytes = part.sizeBytes ?? content.length
  const packedBytes = part.packedBytes ?? data.length
  const name = Buffer.from(part.name)
  const localName = Buffer.from(part.localName ?? part.name)

  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(flags, 6)
  local.writeUInt16LE(method, 8)
  if (!part.hasDescriptor) {
    local.writeUInt32LE(part.localCrc32 ?? crc, 14)
    local.writeUInt32LE(packedBytes, 18)
    local.writeUInt32LE(sizeBytes, 22)
  }
  local.writeUInt16LE(localName.length, 26)

  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE((3 << 8) | 20, 4)
  central.writeUInt16LE(20, 6)
  central.writeUInt16LE(flags, 8)
  central.writeUInt16LE(method, 10)
  central.writeUInt32LE(crc, 16)
  central.writeUInt32LE(packedBytes, 20)
  central.writeUInt32LE(sizeBytes, 24)
  central.writeUInt16LE(name.length, 28)
  central.writeUInt32LE(((part.mode ?? 0o100644) << 16) >>> 0, 38)
  central.writeUInt32LE(start, 42)

  const descriptor = part.hasDescriptor ? descriptorOf(crc, packedBytes, sizeBytes) : Buffer.alloc(0)
  return {
    local: Buffer.concat([local, localName, data, descriptor]),
    central: Buffer.concat([central, name]),
  }
}

function descriptorOf(crc: number, packed: number, sizeBytes: number): Buffer {
  const descriptor = Buffer.alloc(16)
  descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(crc, 4)
  descriptor.writeUInt32LE(packed, 8)
  descriptor.writeUInt32LE(sizeBytes, 12)
  return descriptor
}
