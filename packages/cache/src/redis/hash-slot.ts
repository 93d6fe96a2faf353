/** Slots of a Redis Cluster. */
export const SLOT_COUNT = 16_384;

const POLYNOMIAL = 0x1021;

/** CRC of each byte, of the kind that Redis Cluster uses (XMODEM: 16 bits, beginning with 0). */
const CRC_OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
  return crc;
});

/** The slot of a key without a hash tag, or of the text of a tag. ASCII only. */
export function slotOf(text: string): number {
  let crc = 0;
  for (let index = 0; index < text.length; index += 1) {
    crc = ((crc << 8) ^ (CRC_OF_BYTE[((crc >> 8) ^ text.charCodeAt(index)) & 0xff] ?? 0)) & 0xffff;
  }
  return crc % SLOT_COUNT;
}
