/**
 * Every result code, in one table: stage, effect, rule, and its meaning in both languages. E- refuses,
 * X- leaves out of trade statistics (X-REV-: a tax line out of revenue), W- flags, D- marks a derived value.
 */
interface CodeRow {
  readonly stage: 'ingest' | 'standardize' | 'aggregate' | 'any';
  readonly rule: string;
  readonly en: string;
  readonly fr: string;
}

export const resultCodes = {
  'E-DECODE-EMPTY': { stage: 'any', rule: 'design §6', en: 'The record has no value. Send the declaration again.', fr: 'L’enregistrement est vide. Renvoyez la déclaration.' },
  'E-DECODE-FRAME': { stage: 'any', rule: 'design §2', en: 'The value is not framed as schema id and Avro. Correct the gateway’s serializer.', fr: 'La valeur n’est pas au format identifiant de schéma et Avro. Corrigez le sérialiseur de la passerelle.' },
  'E-DECODE-SCHEMA': { stage: 'any', rule: 'design §6', en: 'The schema id is unknown or does not fit this topic. Register the schema, then send again.', fr: 'L’identifiant de schéma est inconnu ou ne convient pas à ce sujet. Enregistrez le schéma, puis renvoyez.' },
  'E-DECODE-CONTENT': { stage: 'any', rule: 'design §6', en: 'The bytes do not fit their schema: cut short, damaged or not UTF-8.', fr: 'Les octets ne correspondent pas à leur schéma : tronqués, endommagés ou non UTF-8.' },
  'E-ID-MISSING': { stage: 'ingest', rule: 'LIFE.01', en: 'An identifying field is empty or malformed: declaration, event, version or office.', fr: 'Un champ d’identification est vide ou mal formé : déclaration, événement, version ou bureau.' },
  'E-ID-LENGTH': { stage: 'ingest', rule: 'design §3', en: 'A field is longer than allowed.', fr: 'Un champ dépasse la longueur permise.' },
  'E-ITEM-MISSING': { stage: 'ingest', rule: 'design §3', en: 'A declaration needs at least one item.', fr: 'Une déclaration doit comporter au moins un article.' },
  'E-ITEM-NUMBER': { stage: 'ingest', rule: 'design §3', en: 'Item numbers must be 1 or more and differ from each other.', fr: 'Les numéros d’article doivent être supérieurs à zéro et distincts.' },
  'E-LIMIT-COUNT': { stage: 'ingest', rule: 'exactness §1', en: 'Too many items, tax lines or payments in one declaration.', fr: 'Trop d’articles, de lignes de taxe ou de paiements dans une déclaration.' },
  'E-LIMIT-AMOUNT': { stage: 'ingest', rule: 'exactness §1', en: 'An amount is larger than any that can be counted exactly.', fr: 'Un montant dépasse ce qui peut être compté exactement.' },
  'E-LIMIT-QUANTITY': { stage: 'any', rule: 'exactness §1', en: 'A mass or quantity is larger than any that can be counted exactly.', fr: 'Une masse ou quantité dépasse ce qui peut être compté exactement.' },
  'E-TIME-FUTURE': { stage: 'ingest', rule: 'TIM.06', en: 'A date lies more than 24 hours after the record arrived. Correct the clock or the date.', fr: 'Une date est postérieure de plus de 24 heures à l’arrivée. Corrigez l’horloge ou la date.' },
  'E-TIME-PAST': { stage: 'ingest', rule: 'exactness §17', en: 'A date lies before 1988.', fr: 'Une date est antérieure à 1988.' },
  'E-TIME-ACCEPTANCE-MISSING': { stage: 'ingest', rule: 'TIM.01', en: 'Only a lodged declaration may lack its acceptance date.', fr: 'Seule une déclaration déposée peut ne pas avoir de date d’acceptation.' },
  'E-VAL-CIF-MISSING': { stage: 'standardize', rule: 'VAL.01', en: 'The CIF value cannot be derived: the Incoterm is unknown, or freight or insurance is missing.', fr: 'La valeur CAF ne peut être établie : Incoterm inconnu, fret ou assurance manquants.' },
  'E-VAL-FOB-MISSING': { stage: 'standardize', rule: 'VAL.02', en: 'The FOB value cannot be derived: the Incoterm is unknown, or freight or insurance is missing.', fr: 'La valeur FAB ne peut être établie : Incoterm inconnu, fret ou assurance manquants.' },
  'E-VAL-NONPOSITIVE': { stage: 'standardize', rule: 'VAL.04', en: 'The statistical value is zero or less although something was paid.', fr: 'La valeur statistique est nulle ou négative bien qu’un paiement ait eu lieu.' },
  'D-VAL-ESTIMATED': { stage: 'standardize', rule: 'VAL.04', en: 'Nothing was paid: the value is the declared one, however small.', fr: 'Rien n’a été payé : la valeur est celle déclarée, si faible soit-elle.' },
  'D-VAL-INCOTERM': { stage: 'standardize', rule: 'VAL.03', en: 'The value was derived from the invoice by the delivery terms.', fr: 'La valeur a été établie à partir de la facture selon les conditions de livraison.' },
  'D-VAL-CONVERTED': { stage: 'standardize', rule: 'VAL.09', en: 'An amount was converted by the official rate in force on the acceptance date.', fr: 'Un montant a été converti au taux officiel en vigueur à la date d’acceptation.' },
  'E-VAL-CURRENCY': { stage: 'standardize', rule: 'VAL.08', en: 'The currency code was not valid on the acceptance date.', fr: 'Le code de monnaie n’était pas valable à la date d’acceptation.' },
  'E-VAL-NO-RATE': { stage: 'standardize', rule: 'VAL.09', en: 'No official exchange rate is loaded for the currency on the acceptance date.', fr: 'Aucun taux de change officiel n’est chargé pour cette monnaie à la date d’acceptation.' },
  'W-VAL-SCALE': { stage: 'standardize', rule: 'VAL.08', en: 'An amount has more decimals than its currency.', fr: 'Un montant comporte plus de décimales que sa monnaie.' },
  'E-CPC-UNMAPPED': { stage: 'standardize', rule: 'COV', en: 'The procedure code is unknown: add it to the profile’s map.', fr: 'Le code de régime est inconnu : ajoutez-le à la table du profil.' },
  'X-COV-TEMPORARY': { stage: 'standardize', rule: 'IMTS 1.43', en: 'Temporary admission or withdrawal.', fr: 'Admission ou exportation temporaire.' },
  'X-COV-TRANSIT': { stage: 'standardize', rule: 'IMTS 1.41', en: 'Goods simply carried through.', fr: 'Marchandises en simple transit.' },
  'X-COV-MONETARY-GOLD': { stage: 'standardize', rule: 'COV.01', en: 'Monetary gold.', fr: 'Or monétaire.' },
  'X-SYS-ALREADY-RECORDED': { stage: 'standardize', rule: 'SYS.02', en: 'Recorded when the goods first arrived.', fr: 'Déjà enregistré à la première arrivée.' },
  'X-SYS-OUTSIDE': { stage: 'standardize', rule: 'SYS.01', en: 'Outside the statistical territory of this trade system.', fr: 'Hors du territoire statistique de ce système commercial.' },
  'E-PTR-CODE': { stage: 'standardize', rule: 'PTR.06', en: 'A country code is not in ISO 3166-1 on that date.', fr: 'Un code de pays n’est pas dans ISO 3166-1 à cette date.' },
  'E-PTR-SELF': { stage: 'standardize', rule: 'PTR.05', en: 'The destination of an export is the reporting country itself.', fr: 'La destination d’une exportation est le pays déclarant lui-même.' },
  'W-PTR-UNSPECIFIED': { stage: 'standardize', rule: 'PTR.06', en: 'A country is not specified (ZZ).', fr: 'Un pays n’est pas précisé (ZZ).' },
  'W-PTR-ORIGIN-DOMESTIC': { stage: 'standardize', rule: 'PTR.07', en: 'Origin or dispatch of an import is the reporting country.', fr: 'L’origine ou la provenance d’une importation est le pays déclarant.' },
  'E-QTY-NONPOSITIVE': { stage: 'standardize', rule: 'UNIT.02', en: 'A mass or quantity is below zero.', fr: 'Une masse ou quantité est négative.' },
  'W-QTY-ZERO': { stage: 'standardize', rule: 'UNIT.02', en: 'The net mass is zero.', fr: 'La masse nette est nulle.' },
  'E-UNIT-PACKAGING': { stage: 'standardize', rule: 'UNIT.01', en: 'The unit is a kind of packaging, not a quantity.', fr: 'L’unité est un emballage et non une quantité.' },
  'W-UNIT-UNKNOWN': { stage: 'standardize', rule: 'UNIT.01', en: 'The unit is no statistical one: the quantity is not counted.', fr: 'L’unité n’est pas statistique : la quantité n’est pas comptée.' },
  'W-UNIT-DEPRECATED': { stage: 'standardize', rule: 'UNIT.08', en: 'The unit code is outdated.', fr: 'Le code d’unité est périmé.' },
  'D-UNIT-CONVERTED': { stage: 'standardize', rule: 'UNIT.01', en: 'The quantity was converted to the canonical unit.', fr: 'La quantité a été convertie dans l’unité canonique.' },
  'E-MOT-CODE': { stage: 'standardize', rule: 'MOT.02', en: 'The mode of transport is none of Recommendation 19.', fr: 'Le mode de transport ne figure pas dans la Recommandation 19.' },
  'W-MOT-UNSPECIFIC': { stage: 'standardize', rule: 'MOT.03', en: 'The mode of transport is unspecific.', fr: 'Le mode de transport est imprécis.' },
  'E-HS-UNKNOWN': { stage: 'standardize', rule: 'HS.01', en: 'The commodity code is malformed or not in the edition in force.', fr: 'Le code marchandise est mal formé ou absent de l’édition en vigueur.' },
  'D-HS-CONVERTED': { stage: 'standardize', rule: 'HS.02', en: 'The code belongs to another edition and is kept; its successors are known.', fr: 'Le code appartient à une autre édition et est conservé ; ses successeurs sont connus.' },
  'W-HS-AMBIGUOUS': { stage: 'standardize', rule: 'HS.03', en: 'The code of another edition has several successors.', fr: 'Le code d’une autre édition a plusieurs successeurs.' },
  'W-HS-RESIDUAL': { stage: 'standardize', rule: 'HS.04', en: 'A national or reserved chapter: counted under 999999.', fr: 'Chapitre national ou réservé : compté sous 999999.' },
  'E-REV-ARITH': { stage: 'standardize', rule: 'REV.01', en: 'The amount assessed is not base × rate.', fr: 'Le montant liquidé n’est pas égal à base × taux.' },
  'W-REV-ARITH': { stage: 'standardize', rule: 'REV.01', en: 'The amount assessed differs from base × rate by one minor unit.', fr: 'Le montant liquidé diffère de base × taux d’une unité.' },
  'E-REV-BASE': { stage: 'standardize', rule: 'REV.02', en: 'The tax base is not the customs value with the taxes that belong to it.', fr: 'La base de taxe n’est pas la valeur en douane augmentée des taxes qui s’y ajoutent.' },
  'E-REV-TOTAL-CODE': { stage: 'standardize', rule: 'REV.09', en: 'A total stands beside its parts.', fr: 'Un total figure à côté de ses composantes.' },
  'X-REV-TOTAL': { stage: 'standardize', rule: 'REV.09', en: 'A total is no tax of its own.', fr: 'Un total n’est pas une taxe.' },
  'X-REV-SECURITY': { stage: 'standardize', rule: 'REV.06', en: 'A deposit or security is no revenue.', fr: 'Une consignation ou garantie n’est pas une recette.' },
  'X-REV-NONTAX': { stage: 'standardize', rule: 'REV.08', en: 'Interest is no tax.', fr: 'Les intérêts ne sont pas une taxe.' },
  'E-LEDGER-HORIZON': { stage: 'aggregate', rule: 'exactness §10', en: 'The acceptance date lies behind the ledger’s horizon and nothing is known of earlier versions: counting it might count it twice.', fr: 'La date d’acceptation précède l’horizon du registre et les versions antérieures sont inconnues : la compter pourrait la compter deux fois.' },
  'X-LIFE-LODGED': { stage: 'aggregate', rule: 'design §3', en: 'Lodged and not yet accepted: screened, not counted.', fr: 'Déposée et pas encore acceptée : contrôlée, non comptée.' },
  'W-LIFE-STALE': { stage: 'aggregate', rule: 'LIFE.02', en: 'An older version arrived late and changes nothing.', fr: 'Une version antérieure est arrivée en retard et ne change rien.' },
  'W-LIFE-CONFLICT': { stage: 'aggregate', rule: 'exactness §14', en: 'Two events claim the same version; the later in order stands.', fr: 'Deux événements portent la même version ; le plus récent l’emporte.' },
  'W-LIFE-TRANSITION': { stage: 'aggregate', rule: 'LIFE.03', en: 'An unusual change of state.', fr: 'Changement d’état inhabituel.' },
  'W-TIM-MOVED': { stage: 'aggregate', rule: 'exactness §8', en: 'The version’s acceptance date differs from the one that stands.', fr: 'La date d’acceptation de la version diffère de celle qui fait foi.' },
} as const satisfies Readonly<Record<string, CodeRow>>;

export type ResultCode = keyof typeof resultCodes;
export const isResultCode = (code: string): code is ResultCode => code in resultCodes;
