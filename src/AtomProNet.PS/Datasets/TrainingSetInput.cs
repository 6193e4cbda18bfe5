using System.Collections.Immutable;
using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Formats.ExtendedXyz;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Datasets;

/// <summary>Reads training sets for a cmdlet: one file after the other, a damaged one is an error of its own and the rest goes on.</summary>
internal sealed class TrainingSetInput(PSCmdlet cmdlet, CancellationToken cancellation)
{
    private readonly ThrottledProgress _progress = new(cmdlet, "Reading training sets");
    private long _frames;

    /// <summary>The format; null: by names.</summary>
    public TrainingSetFormat? Format { get; init; }

    /// <summary>Whose names hold the labels; null: all known ones.</summary>
    public KeyStyle? KeyStyle { get; init; }

    /// <summary>The elements of DeePMD's types.</summary>
    public ImmutableArray<Element>? TypeMap { get; init; }

    /// <summary>Reads.</summary>
    /// <param name="paths">Files, wildcards or folders.</param>
    /// <param name="literal">True where no character is a wildcard.</param>
    public IEnumerable<Frame> Read(IEnumerable<string> paths, bool literal)
    {
        foreach (string path in paths)
        {
            foreach (string item in new InputPaths(cmdlet).Resolve([path], literal))
            {
                foreach (string set in Sets(item))
                {
                    foreach (Frame frame in ReadOne(set))
                    {
                        yield return frame;
                    }
                }
            }
        }

        _progress.Complete();
    }

    private string[] Sets(string item)
    {
        if (!Directory.Exists(item))
        {
            return [item];
        }

        try
        {
            string[] found = [.. TrainingSetFormats.FindIn(item)];
            return found.Length > 0 ? found : throw new AtomProNetException(ErrorKind.NotFound, "FolderHoldsNoInput", "The folder holds no training set (*.extxyz, *.xyz, *.npz, or systems of DeePMD).", item, remedy: "Name the files themselves, or another folder.");
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            cmdlet.WriteError(ErrorRecords.From(e, item));
            return [];
        }
    }

    private IEnumerable<Frame> ReadOne(string set)
    {
        using IEnumerator<Frame>? frames = Guarded(set, () =>
        {
            if (TrainingSetFormats.CheckUnchanged(set) is { } finding)
            {
                cmdlet.WriteWarning(finding.ToString());
            }

            return TrainingSetFormats.Read(set, Format, KeyStyle, TypeMap, cancellation).GetEnumerator();
        });
        while (frames is not null && Guarded(set, () => frames.MoveNext() ? frames.Current : null) is { } frame)
        {
            _progress.Report(set, ++_frames);
            yield return frame;
        }
    }

    private T? Guarded<T>(string set, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (OperationCanceledException) when (cmdlet.Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            cmdlet.WriteError(ErrorRecords.From(e, set));
            return null;
        }
    }
}
