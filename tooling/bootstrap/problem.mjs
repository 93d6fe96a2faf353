/** Something that the person at the terminal can put right: printed without a stack. */
export class Problem extends Error {}
