import type { TelnetOption } from '../option.ts'

export const END_OF_RECORD = 25

/** END-OF-RECORD, RFC 885: marks prompts, which end in no line end. */
export const endOfRecord: TelnetOption = {
  code: END_OF_RECORD,
  server: {
    opens: 'us',
    allows: (party) => party === 'us',
    changed(_party, isOn, session) {
      if (isOn) session.markPrompt()
    },
  },
  client: { allows: (party) => party === 'him' },
}
