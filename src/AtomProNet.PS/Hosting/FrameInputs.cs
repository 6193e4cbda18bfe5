using System.Management.Automation;
using AtomProNet.Datasets;
using AtomProNet.Structures;

namespace AtomProNet.PS.Hosting;

/// <summary>Frames for a parameter that takes either: objects, or files that hold them.</summary>
internal sealed class FrameInputs(PSCmdlet cmdlet, CancellationToken cancellation)
{
    /// <summary>The frames in the order given; files are read as their frames are asked for.</summary>
    /// <param name="inputs">Frames, paths (wildcards where no file has just that name) or file objects.</param>
    /// <param name="predicted">Whether a model's labels are wanted, where a file holds them beside the reference's.</param>
    /// <exception cref="AtomProNetException">Something is neither, or a file cannot be read.</exception>
    public IEnumerable<Frame> Frames(IEnumerable<object?> inputs, bool predicted = false)
    {
        foreach (object? input in inputs)
        {
            object? value = input is PSObject wrapped ? wrapped.BaseObject : input;
            if (value is Frame frame)
            {
                yield return frame;
                continue;
            }

            if (value is not (string or FileSystemInfo))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "FrameInputUnknown", "This is neither a frame nor the path of a file.", value: value?.ToString() ?? "$null", remedy: "Give frames, or paths of extended XYZ, npz or DeePMD files.");
            }

            foreach (string path in Paths(value))
            {
                foreach (Frame read in TrainingSetFormats.Read(path, cancellationToken: cancellation, predicted: predicted))
                {
                    yield return read;
                }
            }
        }
    }

    private IEnumerable<string> Paths(object value)
    {
        string path = value is FileSystemInfo info ? info.FullName : (string)value;
        bool literal = value is FileSystemInfo || Path.Exists(cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));
        string[] items = [.. new InputPaths(cmdlet).Resolve([path], literal)];
        if (items.Length == 0)
        {
            // The path's own error has been written: going on without its frames would compare the wrong ones.
            throw new AtomProNetException(ErrorKind.NotFound, "FrameFileMissing", "Nothing was done without these frames.", file: path, remedy: "The error before this one says what is wrong with the path.");
        }

        string[] found = [.. items.SelectMany(p => Directory.Exists(p) ? TrainingSetFormats.FindIn(p) : [p])];
        return found.Length > 0 ? found : throw new AtomProNetException(ErrorKind.NotFound, "FrameFileMissing", "There are no frames to read.", file: path, remedy: "Name a file in extended XYZ or npz, or a folder with systems of DeePMD; outputs of DFT codes are read by Import-DftResult, whose frames can be given instead.");
    }
}
