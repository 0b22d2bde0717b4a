import { type MudFrame, mudPacketText } from '../../src/mud-framing.ts'

/** A frame as a test has it: with the text of its packet, and without what depends on where the bytes were cut. */
export type ReadFrame =
  | { readonly kind: 'packet'; readonly text: string | undefined }
  | { readonly kind: 'violation' }

export function readFrame(frame: MudFrame): ReadFrame {
  return frame.kind === 'packet'
    ? { kind: 'packet', text: mudPacketText(frame.packet) }
    : { kind: 'violation' }
}
