/**
 * Every rule of the standard definitions that this system knows, with its source: what is applied (by the result
 * codes that name the rule, or otherwise, as `by` says), and what an event cannot express, and why. The
 * compendium is made of this table, of the result codes, and of the reference data in force.
 */
export interface Text { readonly en: string; readonly fr: string }
export interface Rule extends Text {
  readonly source: string;
  /** How it is applied where no result code says so. */
  readonly by?: Text;
  /** Why it is not applied. */
  readonly beyond?: Text;
}

const imts = (paragraphs: string): string => `IMTS 2010 ${paragraphs}; Compilers Manual Rev. 1`;
const noField = (en: string, fr: string): Text => ({ en: `The event has no ${en}.`, fr: `L’événement ne comporte pas ${fr}.` });

export const rules = {
  'FORM.01': { en: 'A record is Avro, framed with the id of a registered schema.', fr: 'Un enregistrement est de l’Avro, précédé de l’identifiant d’un schéma enregistré.', source: 'Confluent wire format' },
  'FORM.02': { en: 'A declaration has an identity, at least one item, and item numbers that differ.', fr: 'Une déclaration a une identité, au moins un article et des numéros d’article distincts.', source: 'WCO Data Model, elements D014, 006' },
  'FORM.03': { en: 'A record that brings out a mistake of this software is refused and kept; all others go on.', fr: 'Un enregistrement qui révèle une erreur de ce logiciel est refusé et conservé ; tous les autres continuent.', source: 'services/shell/run-stage.ts' },
  'LIMIT.01': { en: 'Amounts and quantities are counted exactly up to fixed limits.', fr: 'Les montants et quantités sont comptés exactement jusqu’à des limites fixes.', source: 'services/limits.ts' },
  'LIMIT.02': { en: 'No date lies before the Harmonized System, 1988.', fr: 'Aucune date n’est antérieure au Système harmonisé, 1988.', source: 'services/limits.ts' },

  'VAL.01': { en: 'Imports are valued CIF: goods, and services to the border of the importing country.', fr: 'Les importations sont évaluées CAF : marchandises et services jusqu’à la frontière du pays importateur.', source: imts('4.1, 4.8') },
  'VAL.02': { en: 'Exports are valued FOB: goods, and services to the border of the exporting country.', fr: 'Les exportations sont évaluées FAB : marchandises et services jusqu’à la frontière du pays exportateur.', source: imts('4.1, 4.8') },
  'VAL.03': { en: 'The value is derived from invoice, delivery terms, freight and insurance; shares add up exactly.', fr: 'La valeur est établie à partir de la facture, des conditions de livraison, du fret et de l’assurance ; les parts s’additionnent exactement.', source: 'Incoterms 2020; IMTS 2010 annex D' },
  'VAL.04': { en: 'A value is positive, unless nothing was paid.', fr: 'Une valeur est positive, sauf si rien n’a été payé.', source: imts('4.4') },
  'VAL.05': { en: 'The FOB value of imports should be known too.', fr: 'La valeur FAB des importations devrait aussi être connue.', source: imts('4.8') },
  'VAL.06': { en: 'Freight and insurance stay within a limit of the FOB value.', fr: 'Fret et assurance restent dans une limite de la valeur FAB.', source: 'Partner-comparison practice (IMF uses CIF/FOB 1.06); limit in the pack' },
  'VAL.07': { en: 'Under a CIF law the statistical value equals the customs value.', fr: 'Sous une loi CAF, la valeur statistique égale la valeur en douane.', source: imts('4.4'), beyond: { en: 'The event has no customs value of its own; the base of duty is compared by REV.02.', fr: 'L’événement n’a pas de valeur en douane propre ; la base du droit est comparée par REV.02.' } },
  'VAL.08': { en: 'The invoice currency is an ISO 4217 code, with no more decimals than it has.', fr: 'La monnaie de facture est un code ISO 4217, sans plus de décimales qu’elle n’en a.', source: 'ISO 4217' },
  'VAL.09': { en: 'Other currencies are converted by the official rate in force on the acceptance date.', fr: 'Les autres monnaies sont converties au taux officiel en vigueur à la date d’acceptation.', source: 'WTO valuation agreement, Art. 9' },
  'VAL.10': { en: 'Duties and internal taxes are no part of the statistical value.', fr: 'Droits et taxes intérieures ne font pas partie de la valeur statistique.', source: imts('4.1') },

  'SYS.01': { en: 'A deployment records under one trade system: general, strict or relaxed special.', fr: 'Une installation suit un seul système commercial : général, spécial strict ou spécial assoupli.', by: { en: 'A profile with another system, or several, is refused at start (E-SYS-MIXED).', fr: 'Un profil au système inconnu ou multiple est refusé au démarrage (E-SYS-MIXED).' }, source: 'UN Comtrade glossary on special trade; Compilers Manual Rev. 1' },
  'SYS.02': { en: 'Under the general system goods leaving a warehouse are not recorded again.', fr: 'Sous le système général, les marchandises sortant d’entrepôt ne sont pas enregistrées à nouveau.', source: 'UN Comtrade glossary on special trade; Compilers Manual Rev. 1' },
  'COV.00': { en: 'The procedure decides whether goods are recorded; transit and temporary movements are not.', fr: 'Le régime décide de l’enregistrement ; transit et mouvements temporaires sont exclus.', source: imts('1.41 to 1.44') },
  'COV.01': { en: 'Monetary gold is left out.', fr: 'L’or monétaire est exclu.', source: 'EAEU rules on trade statistics; paragraph of IMTS 2010 unconfirmed' },
  'COV.02': { en: 'Issued currency and securities are left out.', fr: 'Monnaie et titres émis sont exclus.', source: 'EAEU rules on trade statistics; paragraph of IMTS 2010 unconfirmed' },
  'COV.03': { en: 'Goods for repair or maintenance are left out and recorded apart.', fr: 'Les marchandises pour réparation ou entretien sont exclues et suivies à part.', source: imts('1.57') },
  'COV.04': { en: 'Returned goods are identified.', fr: 'Les marchandises en retour sont identifiées.', source: imts('1.23') },
  'COV.05': { en: 'Ships and aircraft count when ownership changes.', fr: 'Navires et aéronefs comptent au transfert de propriété.', source: 'Compilers Manual Rev. 1, ch. 24' },
  'COV.06': { en: 'Goods below the statistical threshold are left out.', fr: 'Les marchandises sous le seuil statistique sont exclues.', source: imts('1.3') },
  'COV.07': { en: 'A declared statistics indicator may leave an item out.', fr: 'Un indicateur statistique déclaré peut exclure un article.', source: 'CUSDEC guide of South Africa', beyond: noField('statistics indicator', 'd’indicateur statistique') },
  'COV.08': { en: 'Electricity is recorded, without a mass.', fr: 'L’électricité est enregistrée, sans masse.', source: imts('5.5'), by: { en: 'HS 2716.00 counts by value; see UNIT.04.', fr: 'Le SH 2716.00 compte en valeur ; voir UNIT.04.' } },
  'COV.09': { en: 'Goods recorded by an earlier document are not recorded again.', fr: 'Des marchandises enregistrées par un document antérieur ne le sont pas à nouveau.', source: 'UN Comtrade glossary on special trade; Compilers Manual Rev. 1', beyond: noField('chain of previous documents; the procedure code decides (SYS.02)', 'de chaîne de documents antérieurs ; le régime décide (SYS.02)') },

  'PTR.01': { en: 'The partner of an import is the country of origin.', fr: 'Le partenaire d’une importation est le pays d’origine.', source: imts('6.13') },
  'PTR.02': { en: 'The second partner of an import is the country of consignment.', fr: 'Le second partenaire d’une importation est le pays de provenance.', source: imts('6.18'), beyond: noField('country of consignment apart from that of dispatch', 'de pays de provenance distinct de celui d’expédition') },
  'PTR.03': { en: 'The partner of an export is the last known destination.', fr: 'Le partenaire d’une exportation est la dernière destination connue.', source: imts('6.19') },
  'PTR.04': { en: 'The second partner of an export is the country of consignment.', fr: 'Le second partenaire d’une exportation est le pays de destination commerciale.', source: imts('6.19'), beyond: noField('second partner', 'de second partenaire') },
  'PTR.05': { en: 'The reporting country is no partner of an export.', fr: 'Le pays déclarant n’est pas partenaire d’une exportation.', source: imts('6.28') },
  'PTR.06': { en: 'A country code is valid on the acceptance date.', fr: 'Un code de pays est valable à la date d’acceptation.', source: 'ISO 3166-1; UN M49' },
  'PTR.07': { en: 'An import of domestic origin may be a re-import.', fr: 'Une importation d’origine nationale peut être une réimportation.', source: 'Compilers Manual Rev. 1, 26.5' },
  'PTR.08': { en: 'Goods of foreign origin that leave are re-exports.', fr: 'Les marchandises d’origine étrangère qui sortent sont des réexportations.', source: 'Compilers Manual Rev. 1, 26.5' },
  'PTR.09': { en: 'Partners are kept in full detail; groups belong to publication.', fr: 'Les partenaires sont conservés en détail ; les groupes relèvent de la publication.', source: imts('6.30'), by: { en: 'Cells are keyed by country code; no group exists.', fr: 'Les cellules portent le code du pays ; aucun groupe n’existe.' } },

  'UNIT.01': { en: 'The quantity is in the standard unit of the commodity, converted where a factor exists.', fr: 'La quantité est dans l’unité normalisée du produit, convertie si un facteur existe.', source: 'UN/ECE Rec 20; WCO standard units; IMTS 2010 5.5' },
  'UNIT.02': { en: 'Net mass is not negative.', fr: 'La masse nette n’est pas négative.', source: imts('5.5') },
  'UNIT.03': { en: 'Net mass does not exceed gross mass.', fr: 'La masse nette n’excède pas la masse brute.', source: imts('5.5'), beyond: noField('gross mass', 'de masse brute') },
  'UNIT.04': { en: 'Electricity has no net mass.', fr: 'L’électricité n’a pas de masse nette.', source: imts('5.5') },
  'UNIT.05': { en: 'A quantity in kilograms is the net mass.', fr: 'Une quantité en kilogrammes est la masse nette.', source: imts('5.5') },
  'UNIT.06': { en: 'The mass of one unit lies in the band of the commodity.', fr: 'La masse d’une unité est dans la fourchette du produit.', source: 'Editing practice; bands in the pack' },
  'UNIT.07': { en: 'The value of a kilogram lies in the band of the commodity.', fr: 'La valeur d’un kilogramme est dans la fourchette du produit.', source: 'Editing practice (Compilers Manual); bands in the pack' },
  'UNIT.08': { en: 'Deprecated units are replaced.', fr: 'Les unités périmées sont remplacées.', source: 'UN/ECE Rec 20' },
  'MOT.01': { en: 'The mode is that of the active means at the border.', fr: 'Le mode est celui du moyen actif à la frontière.', source: imts('7.1'), beyond: noField('inland mode to compare with', 'de mode intérieur à comparer') },
  'MOT.02': { en: 'The mode is one of UN/ECE Recommendation 19.', fr: 'Le mode est l’un de la Recommandation 19 de la CEE-ONU.', source: 'UN/ECE Rec 19' },
  'MOT.03': { en: 'Multimodal and unspecified are flagged.', fr: 'Multimodal et non précisé sont signalés.', source: 'UN/ECE Rec 19' },

  'TIM.01': { en: 'Goods are recorded when accepted; only a lodged declaration has no acceptance date.', fr: 'Les marchandises sont enregistrées à l’acceptation ; seule une déclaration déposée n’a pas de date d’acceptation.', source: imts('1.8') },
  'TIM.02': { en: 'An amendment never moves the time of recording.', fr: 'Une rectification ne déplace jamais la date d’enregistrement.', source: 'Compilers Manual 12.13' },
  'TIM.03': { en: 'Goods released before declaration count in the month of crossing.', fr: 'Les marchandises enlevées avant déclaration comptent au mois du franchissement.', source: 'Compilers Manual 12.14', beyond: noField('date of crossing', 'de date de franchissement') },
  'TIM.04': { en: 'Periodic declarations are split over the months they cover.', fr: 'Les déclarations périodiques sont réparties sur les mois couverts.', source: 'Compilers Manual 12.15', beyond: noField('covered period', 'de période couverte') },
  'TIM.05': { en: 'Declarations lodged before arrival count on arrival.', fr: 'Les déclarations déposées avant l’arrivée comptent à l’arrivée.', source: 'Compilers Manual ch. 12', beyond: noField('date of arrival', 'de date d’arrivée') },
  'TIM.06': { en: 'No date lies in the future.', fr: 'Aucune date n’est dans l’avenir.', source: 'WCO Data Model' },
  'TIM.07': { en: 'What comes after a period is a revision, never silent.', fr: 'Ce qui vient après une période est une révision, jamais silencieuse.', source: imts('ch. 10'), by: { en: 'Aggregate records carry revision and status.', fr: 'Les enregistrements d’agrégats portent révision et statut.' } },

  'HS.01': { en: 'The first six digits are in the edition in force.', fr: 'Les six premiers chiffres sont dans l’édition en vigueur.', source: 'HS 2017, HS 2022' },
  'HS.02': { en: 'A code of another edition is kept, with its successors.', fr: 'Un code d’une autre édition est conservé, avec ses successeurs.', source: 'UN conversion tables' },
  'HS.03': { en: 'Several successors are flagged.', fr: 'Plusieurs successeurs sont signalés.', source: 'UN correlation tables' },
  'HS.04': { en: 'National and reserved chapters are counted under 999999.', fr: 'Chapitres nationaux et réservés sont comptés sous 999999.', source: 'UN Comtrade practice' },
  'HS.05': { en: 'The description agrees with the text of the heading.', fr: 'La désignation concorde avec le texte de la position.', source: 'WCO Harmonized System, texts of headings', beyond: { en: 'The texts are the WCO’s and cannot be shipped.', fr: 'Les textes appartiennent à l’OMD et ne peuvent être distribués.' } },
  'HS.06': { en: 'An old edition is not used long after its end.', fr: 'Une ancienne édition n’est pas utilisée longtemps après sa fin.', source: 'HS Convention' },
  'CUR.01': { en: 'A currency is valid on the acceptance date.', fr: 'Une monnaie est valable à la date d’acceptation.', source: 'ISO 4217', by: { en: 'E-VAL-CURRENCY, by dated codes.', fr: 'E-VAL-CURRENCY, par codes datés.' } },
  'LOC.01': { en: 'A location code is known.', fr: 'Un code de lieu est connu.', source: 'UN/LOCODE (Rec 16)', beyond: noField('location; offices have national codes', 'de lieu ; les bureaux ont des codes nationaux') },
  'LOC.02': { en: 'A location begins with a country.', fr: 'Un lieu commence par un pays.', source: 'UN/LOCODE (Rec 16)', beyond: noField('location', 'de lieu') },
  'LOC.03': { en: 'The function of a location agrees with the mode.', fr: 'La fonction d’un lieu concorde avec le mode.', source: 'UN/LOCODE (Rec 16)', beyond: noField('location', 'de lieu') },
  'LOC.04': { en: 'A withdrawn location is flagged.', fr: 'Un lieu retiré est signalé.', source: 'UN/LOCODE (Rec 16)', beyond: noField('location', 'de lieu') },

  'REV.01': { en: 'The amount assessed is base × rate, within one minor unit.', fr: 'Le montant liquidé est base × taux, à une unité près.', source: 'WCO Data Model 116, 115, 120' },
  'REV.02': { en: 'The base is the customs value and the taxes that belong to it, in the order of the pack.', fr: 'La base est la valeur en douane et les taxes qui s’y ajoutent, dans l’ordre du référentiel.', source: 'National law; chains in the pack' },
  'REV.03': { en: 'Each line is rounded once; totals are sums of rounded lines.', fr: 'Chaque ligne est arrondie une fois ; les totaux sont des sommes de lignes arrondies.', source: 'GFSM 2014', by: { en: 'Rounded half up in standardize; the event has no header total.', fr: 'Arrondi au plus proche par standardize ; l’événement n’a pas de total général.' } },
  'REV.04': { en: 'A preferential regime needs a proof of origin.', fr: 'Un régime préférentiel exige une preuve d’origine.', source: 'WCO Data Model 164, D006' },
  'REV.05': { en: 'The rate is that in force on the acceptance date.', fr: 'Le taux est celui en vigueur à la date d’acceptation.', source: 'National law', beyond: { en: 'No table of duty rates is loaded.', fr: 'Aucune table de taux de droits n’est chargée.' } },
  'REV.06': { en: 'Deposits and securities are no revenue.', fr: 'Consignations et garanties ne sont pas des recettes.', source: 'GFSM 2014' },
  'REV.07': { en: 'A refund is dated when granted and belongs to a payment.', fr: 'Un remboursement est daté de son octroi et se rattache à un paiement.', source: 'GFSM 2014' },
  'REV.08': { en: 'Interest and fines are no tax.', fr: 'Intérêts et amendes ne sont pas des taxes.', source: 'GFSM 2014' },
  'REV.09': { en: 'A total is never summed with its parts.', fr: 'Un total n’est jamais sommé avec ses composantes.', source: 'UN/EDIFACT 5153' },
  'REV.10': { en: 'Amounts are whole minor units of one currency.', fr: 'Les montants sont des unités mineures entières d’une seule monnaie.', source: 'GFSM 2014', by: { en: 'Figures are integers in the home currency.', fr: 'Les chiffres sont des entiers en monnaie nationale.' } },
  'REV.11': { en: 'Offices, chapters and the nation add up alike.', fr: 'Bureaux, chapitres et total national s’additionnent à l’identique.', source: 'GFSM 2014', by: { en: 'test/integration: every cell against an independent calculation.', fr: 'test/integration : chaque cellule contre un calcul indépendant.' } },

  'LIFE.01': { en: 'Events carry declaration, version and event id; repeats change nothing.', fr: 'Les événements portent déclaration, version et identifiant ; les répétitions ne changent rien.', source: 'WCO Data Model D014, 383, D026' },
  'LIFE.02': { en: 'An older version never overwrites a newer one.', fr: 'Une version antérieure n’écrase jamais une plus récente.', source: 'WCO Data Model 383' },
  'LIFE.03': { en: 'Unusual changes of state are flagged.', fr: 'Les changements d’état inhabituels sont signalés.', source: 'UK export service, status codes' },
  'LIFE.04': { en: 'A retraction takes back exactly what was added.', fr: 'Un retrait reprend exactement ce qui fut ajouté.', source: 'services/ARCHITECTURE.md', by: { en: 'contribution(new) − contribution(old) from the ledger.', fr: 'contribution(nouvelle) − contribution(ancienne) depuis le registre.' } },
  'LIFE.05': { en: 'Replaying the log gives the same figures.', fr: 'Rejouer le journal donne les mêmes chiffres.', source: 'services/ARCHITECTURE.md', by: { en: 'test/integration/generated-exactness.test.ts.', fr: 'test/integration/generated-exactness.test.ts.' } },
  'LIFE.06': { en: 'A payment before assessment is not lost.', fr: 'Un paiement avant liquidation n’est pas perdu.', source: 'GFSM 2014', by: { en: 'Payments count in their own period, whatever is assessed.', fr: 'Les paiements comptent à leur date, quelle que soit la liquidation.' } },
  'LIFE.07': { en: 'A lodged declaration is screened, and counted once it is accepted.', fr: 'Une déclaration déposée est contrôlée, et comptée une fois acceptée.', source: imts('1.8') },
  'LIFE.08': { en: 'What might be counted twice, as the ledger has let it go, is refused.', fr: 'Ce qui pourrait être compté deux fois, le registre l’ayant oublié, est refusé.', source: 'services/ARCHITECTURE.md' },
  'LIFE.09': { en: 'Of two events with one version the one that came into being later stands; at the same time, the one with the higher event id.', fr: 'De deux événements de même version prévaut celui qui s’est produit le plus tard ; au même instant, celui dont l’identifiant est le plus élevé.', source: 'services/ARCHITECTURE.md' },

  'WL.01': { en: 'A list row has a CAS number, an HS code or a name.', fr: 'Une ligne de liste a un numéro CAS, un code SH ou un nom.', source: 'services/reference/watchlist-index.ts', by: { en: 'Refused on loading.', fr: 'Refusé au chargement.' } },
  'WL.02': { en: 'CAS numbers have a right check digit.', fr: 'Les numéros CAS ont une clé juste.', source: 'CAS Registry', by: { en: 'Refused on loading (E-WL-CAS).', fr: 'Refusé au chargement (E-WL-CAS).' } },
  'WL.03': { en: 'HS codes exist in the edition that the row states.', fr: 'Les codes SH existent dans l’édition indiquée.', source: 'HS 2017, HS 2022', by: { en: 'Refused on loading.', fr: 'Refusé au chargement.' } },
  'WL.04': { en: 'The days of a row’s versions do not overlap.', fr: 'Les jours des versions d’une ligne ne se recouvrent pas.', source: 'services/reference/watchlist-index.ts', by: { en: 'Refused on loading.', fr: 'Refusé au chargement.' } },
  'WL.05': { en: 'A hit names list and version.', fr: 'Une correspondance nomme la liste et sa version.', source: 'UN 1988 Convention, Art. 12', by: { en: 'In every hit and alert.', fr: 'Dans chaque correspondance et alerte.' } },
  'WL.06': { en: 'Declarations are screened by the list of their day, and again when a list gains a row.', fr: 'Les déclarations sont contrôlées selon la liste de leur jour, puis de nouveau quand une liste s’étend.', source: 'UN 1988 Convention, Art. 12', by: { en: 'enrich, and tidewaiter screen.', fr: 'enrich, puis tidewaiter screen.' } },
  'MATCH.01': { en: 'The same item under the same lists has the same level and evidence.', fr: 'Le même article sous les mêmes listes a le même niveau et les mêmes indices.', source: 'services/screening', by: { en: 'Pure decisions in a fixed order.', fr: 'Décisions pures, dans un ordre fixe.' } },
  'MATCH.02': { en: 'Text is compared by words, without case, accents, hyphens; Greek letters are spelled out.', fr: 'Le texte est comparé par mots, sans casse, accents ni traits d’union ; les lettres grecques sont écrites.', source: 'Unicode NFKD', by: { en: 'reference/normalised-text.ts.', fr: 'reference/normalised-text.ts.' } },
  'MATCH.03': { en: 'A CAS number in a text counts with a right check digit only.', fr: 'Un numéro CAS dans un texte ne compte qu’avec une clé juste.', source: 'CAS Registry', by: { en: 'Evidence cas-text.', fr: 'Indice cas-text.' } },
  'MATCH.04': { en: 'An item may match several lists; all are kept.', fr: 'Un article peut correspondre à plusieurs listes ; toutes sont gardées.', source: 'services/screening', by: { en: 'One hit for each list and row.', fr: 'Une correspondance par liste et ligne.' } },
  'MATCH.05': { en: 'A substance under a code that does not fit it is a priority.', fr: 'Une substance sous un code qui ne lui convient pas est prioritaire.', source: 'INCB guidance', by: { en: 'Evidence hs-misfit: level 5.', fr: 'Indice hs-misfit : niveau 5.' } },
  'PEN.01': { en: 'Where the destination asks for it, an export needs a notice before.', fr: 'Si la destination l’exige, une exportation requiert une notification préalable.', source: 'UN 1988 Convention, Art. 12(10)(a)', by: { en: 'Evidence notice-missing: level 5; the countries’ table is loaded.', fr: 'Indice notice-missing : niveau 5 ; la table des pays est chargée.' } },
  'QUAL.01': { en: 'Completeness of a field: items that have it, over items that should.', fr: 'Complétude d’un champ : articles qui l’ont, sur articles qui devraient l’avoir.', source: imts('9, 10'), by: { en: 'View quality, completenessPercent; the fields are the pack’s expectedFields, of items that trade statistics count.', fr: 'Vue quality, completenessPercent ; les champs sont expectedFields du paquet, pour les articles comptés en statistique.' } },
  'QUAL.02': { en: 'Validity: events taken in, over all events.', fr: 'Validité : événements retenus, sur tous les événements.', source: imts('9, 10'), by: { en: 'View quality, validityPercent. A refused item refuses its declaration, so declarations are compared and not items.', fr: 'Vue quality, validityPercent. Un article refusé refuse sa déclaration : on compare donc des déclarations et non des articles.' } },
  'QUAL.03': { en: 'Duplicate rate: events whose version had arrived before, over events taken in.', fr: 'Taux de doublons : événements dont la version était déjà arrivée, sur événements retenus.', source: imts('9'), by: { en: 'View quality, duplicatePercent; counted with the version that stands.', fr: 'Vue quality, duplicatePercent ; comptés avec la version qui fait foi.' } },
  'QUAL.04': { en: 'Timeliness: time from the event to its arrival.', fr: 'Actualité : délai entre l’événement et son arrivée.', source: imts('10.7'), by: { en: 'View quality, delayP50Seconds and delayP95Seconds: upper ends of classes that double.', fr: 'Vue quality, delayP50Seconds et delayP95Seconds : bornes supérieures de classes qui doublent.' } },
  'QUAL.05': { en: 'Imputation rate: value that was not declared, over all value.', fr: 'Taux d’imputation : valeur non déclarée, sur toute la valeur.', source: imts('9'), by: { en: 'View quality, imputationPercent; codes are the pack’s imputedCodes.', fr: 'Vue quality, imputationPercent ; les codes sont imputedCodes du paquet.' } },
  'QUAL.06': { en: 'Residual share: value under 999999 or with an unspecified partner, over all value.', fr: 'Part résiduelle : valeur sous 999999 ou avec un partenaire non précisé, sur toute la valeur.', source: imts('9'), by: { en: 'View quality, residualPercent.', fr: 'Vue quality, residualPercent.' } },
  'QUAL.07': { en: 'A unit value stands out when its robust z-score, by commodity and flow over twelve months, is beyond 3.5.', fr: 'Une valeur unitaire est atypique quand sa cote z robuste, par produit et flux sur douze mois, dépasse 3,5.', source: 'Median absolute deviation; Compilers Manual Rev. 1, chapter 9', by: { en: 'View quality, unitValueOutliers; of fewer than 20 values the heading is asked; classes of about ten per cent.', fr: 'Vue quality, unitValueOutliers ; à moins de 20 valeurs on prend la position ; classes d’environ dix pour cent.' } },
  'QUAL.08': { en: 'Share of items that at least one rule finds doubtful.', fr: 'Part des articles qu’au moins une règle juge douteux.', source: imts('9'), by: { en: 'View quality, flaggedPercent: items with a W- code.', fr: 'Vue quality, flaggedPercent : articles avec un code W-.' } },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;
