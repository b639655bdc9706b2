/** Why an item was matched, and what raised or lowered the level of a match (domain §6): data, in both languages. */
export const evidenceKinds = {
  'hs-own': { en: 'The commodity code stands for the substance alone.', fr: 'Le code marchandise désigne la substance seule.' },
  'hs-basket': { en: 'The commodity code stands for the substance and for others.', fr: 'Le code marchandise désigne la substance parmi d’autres.' },
  cas: { en: 'The CAS number in its field, with a right check digit.', fr: 'Le numéro CAS dans son champ, avec une clé juste.' },
  'cas-text': { en: 'A CAS number in the description, with a right check digit.', fr: 'Un numéro CAS dans la désignation, avec une clé juste.' },
  name: { en: 'The name or a synonym in the description, and not denied.', fr: 'Le nom ou un synonyme dans la désignation, sans négation.' },
  'name-context': { en: 'The name in a description of consumer goods that contain it.', fr: 'Le nom dans la désignation d’un produit de consommation qui en contient.' },
  keyword: { en: 'A word of the substance’s family in the description.', fr: 'Un mot de la famille de la substance dans la désignation.' },
  quantity: { en: 'More than the quantity threshold.', fr: 'Au-delà du seuil de quantité.' },
  'concentration-over': { en: 'Above the concentration that is free.', fr: 'Au-delà de la concentration libre.' },
  concentration: { en: 'At or below the concentration that is free: level 2.', fr: 'À la concentration libre ou en deçà : niveau 2.' },
  'hs-misfit': { en: 'The commodity code does not fit the substance.', fr: 'Le code marchandise ne convient pas à la substance.' },
  'notice-missing': { en: 'The destination asks for a notice before export, and none is declared (PEN.01).', fr: 'La destination exige une notification préalable, et aucune n’est déclarée (PEN.01).' },
  licence: { en: 'A licence is declared: what does not fit counts no more.', fr: 'Une licence est déclarée : la discordance ne compte plus.' },
} as const;

export type Evidence = keyof typeof evidenceKinds;
