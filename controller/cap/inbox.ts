/** Where what is no emergency waits for somebody to put it on the air. */
export interface Inbox {
  /** @returns the bulletin's id. */
  put(item: {
    readonly sender: string;
    readonly externalId: string;
    readonly level: 'priority' | 'normal';
    readonly title: string;
    readonly text: string;
    readonly language: string;
    readonly expiresAt: number | null;
  }): string;
  /** Takes it back, unless it was played already. */
  withdraw(id: string, reason: string): void;
}
