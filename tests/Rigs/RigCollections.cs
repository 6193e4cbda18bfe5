namespace AtomProNet.Tests.Rigs;

/// <summary>Test classes that share one sshd.</summary>
[CollectionDefinition(Name)]
public sealed class SshCollection : ICollectionFixture<SshRig>
{
    public const string Name = "sshd";
}

/// <summary>Test classes that share one Slurm without accounting, and the sshd that leads to it.</summary>
[CollectionDefinition(Name)]
public sealed class SlurmCollection : ICollectionFixture<SlurmRig>
{
    public const string Name = "Slurm";
}

/// <summary>Test classes that share one Slurm with slurmdbd, and the sshd that leads to it.</summary>
[CollectionDefinition(Name)]
public sealed class SlurmAccountingCollection : ICollectionFixture<SlurmAccountingRig>
{
    public const string Name = "Slurm with accounting";
}

/// <summary>Test classes that share one Grid Engine.</summary>
[CollectionDefinition(Name)]
public sealed class GridEngineCollection : ICollectionFixture<GridEngineRig>
{
    public const string Name = "Grid Engine";
}
