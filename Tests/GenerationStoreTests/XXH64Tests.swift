import Testing

@testable import GenerationStore

@Test(
  arguments: [
    ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
  ] as [(String, UInt64)])
func hashesAsPublished(text: String, hash: UInt64) {
  #expect(XXH64.hash(Array(text.utf8)) == hash)
}

/// The first bytes of 0, 1, 2, … 255, 0, 1, … at each length around the algorithm's steps of 32, 8, 4 and 1 bytes.
@Test(arguments: xxh64Vectors)
func hashesEveryLengthAsTheReferenceDoes(length: Int, hash: UInt64) {
  #expect(XXH64.hash((0..<length).map { UInt8(truncatingIfNeeded: $0) }) == hash)
}

/// Made with the reference implementation (python-xxhash).
private let xxh64Vectors: [(Int, UInt64)] = [
  (1, 0xE934_A84A_DB05_2768), (3, 0xE5C7_BB45_33BC_65DD), (4, 0xFFCE_D860_4453_CC1E),
  (5, 0xDD02_7438_6E26_030C), (7, 0x14CC_643F_630C_72D2), (8, 0x884A_1736_14B8_1B8D),
  (9, 0x67D8_5784_A7C7_8C5B), (12, 0x424A_F23F_1F08_DCA5), (15, 0xA948_F5F0_F6AB_AC2D),
  (16, 0x44B6_EF2F_B841_69F7), (31, 0xC346_D2B5_9B4D_8EE1), (32, 0xCBF5_9C51_16FF_32B4),
  (33, 0x0C53_5D1A_CAFB_8EAD), (36, 0xDDE0_EF85_E3AE_F05C), (40, 0xF5DA_40F1_B117_41E9),
  (47, 0x0D98_83A0_3E7B_FBB8), (63, 0xE26A_A9E2_A95F_8E4F), (64, 0xF7C6_7301_DB67_13F0),
  (65, 0xC31E_B63B_2AE4_465B), (100, 0x6AC1_E580_3216_6597), (127, 0x464D_0858_10CE_0199),
  (255, 0x0F7D_9750_7CAA_D693), (256, 0x1FAC_BE84_06CD_904B), (1000, 0x6EF4_36B0_0EBA_4078),
  (4096, 0x0F6E_64BE_186A_F6A4), (5003, 0x847E_7EE1_8BA4_8E99),
]
