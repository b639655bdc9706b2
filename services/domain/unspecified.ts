/** What stands for "not specified" among the codes that are counted. */
export const UNSPECIFIED_COUNTRY = 'ZZ';
/** National and reserved chapters are counted here. */
export const RESIDUAL_HS6 = '999999';
export const UNKNOWN_CHAPTER = '00';
