/** A wrong option: the message says which, and what would be right. */
export class WrongOption extends Error {}
