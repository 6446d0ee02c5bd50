// Everything that a program needs which has its state stored: `import Afterimage` (docs/embedding.md).
@_exported public import Documents
@_exported public import DurableSessions
@_exported public import GenerationStore
@_exported public import PersistenceMessages
@_exported public import PersistencePipeline
@_exported public import SQLiteConnection
