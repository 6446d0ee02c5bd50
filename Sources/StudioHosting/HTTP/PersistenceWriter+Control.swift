public import ControlIngress
public import PersistencePipeline

extension PersistenceWriter: PersistenceControl {}
