// Tests of clusters wait most of their time for a batch system: four at a time keep two processors busy.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
