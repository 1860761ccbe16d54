/** A payment consent request with as many fields of the document as go together. */
export const FULL_PAYMENT = {
  Data: {
    ReadRefundAccount: 'Yes',
    Initiation: {
      InstructionIdentification: 'ORDER-2041',
      EndToEndIdentification: 'LANTERN-2041',
      LocalInstrument: 'UK.OBIE.FPS',
      InstructedAmount: { Amount: '24.90', Currency: 'GBP' },
      DebtorAccount: {
        SchemeName: 'UK.OBIE.SortCodeAccountNumber',
        Identification: '40205012345678',
        Name: 'MS A CLARKE',
        SecondaryIdentification: 'R1',
      },
      CreditorAgent: {
        SchemeName: 'UK.OBIE.BICFI',
        Identification: 'LARKGB2L',
        Name: 'Lark Bank',
        LEI: '529900T8BM49AURSDO55',
        PostalAddress: { TownName: 'Leeds', Country: 'GB' },
      },
      CreditorAccount: {
        SchemeName: 'UK.OBIE.SortCodeAccountNumber',
        Identification: '11223387654321',
        Name: 'Lantern Books Ltd',
        SecondaryIdentification: 'R2',
        Proxy: { Identification: '+447700900123', Code: 'MBNO', Type: 'Mobile' },
      },
      CreditorPostalAddress: {
        AddressType: 'BIZZ',
        StreetName: 'Quay Street',
        BuildingNumber: '4',
        PostCode: 'LS1 1AA',
        TownName: 'Leeds',
        Country: 'GB',
        AddressLine: ['Unit 4', 'Old Mill'],
      },
      UltimateCreditor: { Name: 'Lantern Group', Identification: 'LG-1', SchemeName: 'UK.OBIE.BBAN' },
      UltimateDebtor: { Name: 'A Clarke', Identification: 'AC-1' },
      RegulatoryReporting: [
        {
          DebitCreditReportingIndicator: 'DEBT',
          Authority: { Name: 'HMRC', CountryCode: 'GB' },
          Details: [
            {
              Type: 'T',
              Date: '2026-11-25T00:00:00+00:00',
              Country: 'GB',
              Amount: { Amount: '1.00', Currency: 'GBP' },
              Information: ['one', 'two'],
            },
          ],
        },
      ],
      RemittanceInformation: {
        Structured: [
          {
            ReferredDocumentInformation: [
              {
                Code: 'CINV',
                Issuer: 'Lantern',
                Number: '2041',
                RelatedDate: '2026-11-20T00:00:00+00:00',
                LineDetails: ['Book'],
              },
            ],
            ReferredDocumentAmount: '24.90',
            CreditorReferenceInformation: { Code: 'SCOR', Issuer: 'L', Reference: 'RF18539007547034' },
            Invoicer: 'Lantern',
            Invoicee: 'Clarke',
            TaxRemittance: 'none',
            AdditionalRemittanceInformation: ['thanks'],
          },
        ],
        Unstructured: ['Order 2041', 'Second line'],
      },
      SupplementaryData: { Basket: { Items: 3, Gift: true } },
    },
    Authorisation: { AuthorisationType: 'Any', CompletionDateTime: '2027-11-26T00:00:00+00:00' },
    SCASupportData: {
      RequestedSCAExemptionType: 'EcommerceGoods',
      AppliedAuthenticationApproach: 'SCA',
      ReferencePaymentOrderId: 'earlier-1',
    },
  },
  Risk: {
    PaymentContextCode: 'EcommerceMerchantInitiatedPayment',
    MerchantCategoryCode: '5942',
    MerchantCustomerIdentification: 'customer-7',
    ContractPresentIndicator: true,
    BeneficiaryPrepopulatedIndicator: false,
    PaymentPurposeCode: 'OTHR',
    CategoryPurposeCode: 'EPAY',
    BeneficiaryAccountType: 'Business',
    DeliveryAddress: {
      StreetName: 'Hill Road',
      BuildingNumber: '7',
      PostCode: 'LS2 2BB',
      TownName: 'Leeds',
      Country: 'GB',
      AddressLine: ['Flat 2'],
    },
  },
};

/** The same for a payment abroad, at a rate that was agreed. */
export const FULL_PAYMENT_ABROAD = {
  Data: {
    ReadRefundAccount: 'Yes',
    Initiation: {
      InstructionIdentification: 'ORDER-3107',
      EndToEndIdentification: 'LANTERN-3107',
      LocalInstrument: 'UK.OBIE.SWIFT',
      InstructionPriority: 'Normal',
      ExtendedPurpose: 'Books for the shop',
      ChargeBearer: 'Shared',
      CurrencyOfTransfer: 'EUR',
      DestinationCountryCode: 'DE',
      InstructedAmount: { Amount: '75.00', Currency: 'EUR' },
      ExchangeRateInformation: {
        UnitCurrency: 'GBP',
        ExchangeRate: 1.17,
        RateType: 'Agreed',
        ContractIdentification: 'FX-2026-11',
      },
      DebtorAccount: {
        SchemeName: 'UK.OBIE.SortCodeAccountNumber',
        Identification: '40205012345678',
        Name: 'MS A CLARKE',
      },
      Creditor: {
        Name: 'Buchhandlung Leuchtturm GmbH',
        LEI: '529900T8BM49AURSDO55',
        PostalAddress: { TownName: 'Bremen', Country: 'DE' },
      },
      CreditorAgent: {
        SchemeName: 'UK.OBIE.BICFI',
        Identification: 'DGGRDEFFXXX',
        Name: 'Bank am Hafen',
        PostalAddress: { TownName: 'Bremen', Country: 'DE' },
      },
      CreditorAccount: {
        SchemeName: 'UK.OBIE.IBAN',
        Identification: 'DE89370400440532013000',
        Name: 'Buchhandlung Leuchtturm',
      },
      UltimateCreditor: FULL_PAYMENT.Data.Initiation.UltimateCreditor,
      UltimateDebtor: FULL_PAYMENT.Data.Initiation.UltimateDebtor,
      RegulatoryReporting: FULL_PAYMENT.Data.Initiation.RegulatoryReporting,
      RemittanceInformation: { Unstructured: ['Order 3107'] },
      SupplementaryData: { Basket: { Items: 2 } },
    },
    Authorisation: { AuthorisationType: 'Single', CompletionDateTime: '2027-11-26T00:00:00+00:00' },
    SCASupportData: { AppliedAuthenticationApproach: 'CA' },
  },
  Risk: { PaymentContextCode: 'TransferToThirdParty', PaymentPurposeCode: 'GDDS' },
};
