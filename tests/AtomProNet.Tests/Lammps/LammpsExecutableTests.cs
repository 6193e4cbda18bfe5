using AtomProNet.Lammps.Running;

namespace AtomProNet.Tests.Lammps;

public sealed class LammpsExecutableTests
{
    [Fact]
    public void Programs_of_Windows_are_found_without_their_ending()
    {
        Assert.Equal(["lmp.exe", "lmp_mpi.exe", "lmp_serial.exe"], LammpsExecutable.Names(null, isWindows: true));
        Assert.Equal(["lmp_gpu.exe"], LammpsExecutable.Names("lmp_gpu", isWindows: true));
        Assert.Equal(["lmp.bat"], LammpsExecutable.Names("lmp.bat", isWindows: true));
        Assert.Equal(["lmp_gpu"], LammpsExecutable.Names("lmp_gpu", isWindows: false));
    }
}
