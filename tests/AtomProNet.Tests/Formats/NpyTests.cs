using System.Text.Json;
using AtomProNet.Formats.Npy;

namespace AtomProNet.Tests.Formats;

public class NpyTests
{
    [Fact]
    public void NumPy_reads_what_is_written()
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        double[] numbers = [0.1, -2.5e300, double.Epsilon, 1.0 / 3, -0.0, 7];
        Write("real", NpyType.Float64, [3], w => w.Add(numbers));
        Write("flat", NpyType.Float64, [], w => w.Add(numbers));
        Write("cube", NpyType.Float64, [3, 1], w => w.Add(numbers));
        Write("single", new(NpyKind.Real, 4), [], w => w.Add(numbers.AsSpan(3)));
        Write("int", NpyType.Int32, [], w => { w.Add(-7L); w.Add(8L); });
        Write("byte", NpyType.UInt8, [], w => w.Add(118L));
        Write("bool", NpyType.Boolean, [3], w => { w.Add(1L); w.Add(0L); w.Add(1L); });
        Write("text", NpyType.Unicode(2), [2], w => { w.Add("Al"); w.Add("O"); w.Add("σ→0"); w.Add(""); });
        JsonElement read = SystemPython.Run(
            """
            import numpy as np, glob, os
            result = {}
            for f in glob.glob(data + '/*.npy'):
                a = np.load(f)
                result[os.path.basename(f)[:-4]] = dict(type=str(a.dtype.str), shape=list(a.shape), values=[x.hex() if isinstance(x, float) else x for x in a.ravel().tolist()])
            """,
            folder.Root);
        Assert.Equal("""{"type":"<f8","shape":[2,3],"values":["0x1.999999999999ap-4","-0x1.ddd4baa009303p+997","0x0.0000000000001p-1022","0x1.5555555555555p-2","-0x0.0p+0","0x1.c000000000000p+2"]}""", Text("real"));
        Assert.Equal([6], Shape("flat"));
        Assert.Equal([2, 3, 1], Shape("cube"));
        Assert.Equal("""{"type":"<f4","shape":[3],"values":["0x1.5555560000000p-2","-0x0.0p+0","0x1.c000000000000p+2"]}""", Text("single"));
        Assert.Equal("""{"type":"<i4","shape":[2],"values":[-7,8]}""", Text("int"));
        Assert.Equal("""{"type":"|u1","shape":[1],"values":[118]}""", Text("byte"));
        Assert.Equal("""{"type":"|b1","shape":[1,3],"values":[true,false,true]}""", Text("bool"));
        Assert.Equal(["Al", "O", "σ→0", ""], read.GetProperty("text").GetProperty("values").EnumerateArray().Select(v => v.GetString()));

        string Text(string name) => read.GetProperty(name).GetRawText().Replace(" ", "", StringComparison.Ordinal);
        int[] Shape(string name) => [.. read.GetProperty(name).GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];

        void Write(string name, NpyType type, long[] row, Action<GrowingArray> fill)
        {
            // So little memory that every array goes through its file more than once.
            using var spool = new ArraySpool(folder.Path("spool"), memoryLimit: 20);
            var array = new GrowingArray(spool, type, row);
            fill(array);
            using FileStream stream = File.Create(folder.Path(name + ".npy"));
            array.WriteTo(stream);
        }
    }

    [Fact]
    public void What_NumPy_writes_is_read()
    {
        SystemPython.SkipUnlessThere("numpy");
        using var folder = new TemporaryFolder();
        SystemPython.Run(
            """
            import numpy as np
            a = np.arange(24, dtype=float).reshape(2, 3, 4) / 7
            np.save(data + '/c', a); np.save(data + '/fortran', np.asfortranarray(a)); np.save(data + '/big', a.astype('>f8')); np.save(data + '/single', a.astype('f4'))
            np.save(data + '/int', np.array([-1, 300, 7], 'i2')); np.save(data + '/bigint', np.array([-1, 300, 7], '>i8')); np.save(data + '/unsigned', np.array([200, 3], 'u1'))
            np.save(data + '/bool', np.array([True, False])); np.save(data + '/text', np.array([['Al', 'O'], ['Sn', 'H']])); np.save(data + '/bytes', np.array([b'Al', b'O']))
            np.save(data + '/scalar', np.array(2.5)); np.save(data + '/empty', np.zeros((0, 3))); np.save(data + '/object', np.array([None, 1], dtype=object))
            with open(data + '/version2.npy', 'wb') as f: np.lib.format.write_array(f, a, version=(2, 0))
            with open(data + '/version3.npy', 'wb') as f: np.lib.format.write_array(f, a, version=(3, 0))
            result = 0
            """,
            folder.Root);
        double[] expected = [.. Enumerable.Range(0, 24).Select(i => i / 7.0)];
        foreach (string name in new[] { "c", "fortran", "big", "version2", "version3" })
        {
            Assert.Equal(expected, Reals(name, 24));
        }

        Assert.Equal(expected.Select(x => (double)(float)x), Reals("single", 24));
        Assert.Equal([-1, 300, 7], Integers("int", 3));
        Assert.Equal([-1, 300, 7], Integers("bigint", 3));
        Assert.Equal([200, 3], Integers("unsigned", 2));
        Assert.Equal([1, 0], Integers("bool", 2));
        Assert.Equal(["Al", "O", "Sn", "H"], Texts("text", 4));
        Assert.Equal(["Al", "O"], Texts("bytes", 2));
        Assert.Equal([2.5], Reals("scalar", 1));
        using (NpyReader empty = Open("empty"))
        {
            Assert.Equal([0, 3], empty.Shape);
            Assert.Equal(0, empty.Count);
        }

        Assert.Equal("NpyTypeUnknown", Assert.Throws<AtomProNetException>(() => Open("object")).ErrorId);
        Assert.Equal("NpyTypeMismatch", Assert.Throws<AtomProNetException>(() => Reals("text", 4)).ErrorId);
        Assert.Equal("NpyTooShort", Assert.Throws<AtomProNetException>(() => Reals("c", 25)).ErrorId);

        NpyReader Open(string name) => new(File.OpenRead(folder.Path(name + ".npy")), name);

        double[] Reals(string name, int count)
        {
            using NpyReader reader = Open(name);
            var values = new double[count];
            reader.Read(values.AsSpan(0, count / 2));
            reader.Read(values.AsSpan(count / 2));
            return values;
        }

        long[] Integers(string name, int count)
        {
            using NpyReader reader = Open(name);
            var values = new long[count];
            reader.Read(values.AsSpan());
            return values;
        }

        string[] Texts(string name, int count)
        {
            using NpyReader reader = Open(name);
            var values = new string[count];
            reader.Read(values.AsSpan());
            return values;
        }
    }

    [Fact]
    public void However_little_memory_there_is_the_array_is_the_same()
    {
        using var folder = new TemporaryFolder();
        byte[] expected = Texts(1 << 20), numbers = Numbers(1 << 20);
        for (int limit = 1; limit < 60; limit++)
        {
            Assert.Equal(expected, Texts(limit));
            Assert.Equal(numbers, Numbers(limit));
        }

        byte[] Texts(long limit) => Whole(limit, NpyType.Unicode(1), [], array =>
        {
            foreach (string text in new[] { "Al", "O", "σ→0", "", "Si", "a longer one" })
            {
                array.Add(text);
            }
        });

        byte[] Numbers(long limit) => Whole(limit, NpyType.Float64, [3], array =>
        {
            for (int i = 0; i < 500; i++)
            {
                array.Add([i, i / 3.0, -i]);
                array.Add(1.5);
                array.Add([2.5, 3.5]);
            }
        });

        byte[] Whole(long limit, NpyType type, long[] row, Action<GrowingArray> fill)
        {
            using var spool = new ArraySpool(folder.Path("spool"), limit);
            var array = new GrowingArray(spool, type, row);
            fill(array);
            using var target = new MemoryStream();
            array.WriteTo(target);
            return target.ToArray();
        }
    }

    [Fact]
    public void Cut_and_damaged_arrays_are_errors()
    {
        using var whole = new MemoryStream();
        using var spool = new ArraySpool("never made");
        var array = new GrowingArray(spool, NpyType.Float64, 3);
        array.Add([1, 2, 3, 4, 5, 6]);
        array.WriteTo(whole);
        byte[] bytes = whole.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal("NpyCut", Assert.Throws<AtomProNetException>(() => ReadAll(bytes[..length])).ErrorId);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], ReadAll(bytes));
        // Any changed byte of the header gives numbers or an error of this project, never another exception.
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(128)] = (byte)random.Next(256);
            try
            {
                ReadAll(damaged);
            }
            catch (AtomProNetException)
            {
            }
        }

        static double[] ReadAll(byte[] bytes)
        {
            using var reader = new NpyReader(new MemoryStream(bytes), "test");
            var values = new double[6];
            reader.Read(values.AsSpan());
            return values;
        }
    }
}
