Network vgg16 {
  Layer CONV1 {
    Type: CONV
    Stride { X: 1, Y: 1 }
    Dimensions { K: 64, C: 3, R: 3, S: 3, Y: 224, X: 224 }
    Dataflow {
      SpatialMap(1, 1) K;
      TemporalMap(64, 64) C;
      Cluster(64, P);
    }
  }
}
