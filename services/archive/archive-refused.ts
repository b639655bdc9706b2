/** What stands in the way of archiving; shown as it stands. */
export class ArchiveRefused extends Error {}
