namespace Vorel.Core.Json;

/// <summary>Where a reader is in a document, and which names it has met in the objects it is in.</summary>
internal sealed class JsonPath
{
    private readonly Stack<Level> _levels = new();

    /// <summary>The place as a JSON pointer (RFC 6901).</summary>
    public string Pointer => Join(_levels);

    /// <summary>The place of the object or array that the reader is in.</summary>
    public string Around => Join(_levels.Skip(1));

    /// <summary>One name as a step of a pointer.</summary>
    public static string StepOf(string name) => "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public void EnterObject()
    {
        Value();
        _levels.Push(new Level(new HashSet<string>(StringComparer.Ordinal)));
    }

    public void EnterArray()
    {
        Value();
        _levels.Push(new Level(null));
    }

    public void Leave() => _levels.Pop();

    /// <summary>A member's name. False when its object has it already.</summary>
    public bool Name(string name)
    {
        var level = _levels.Peek();
        level.Step = StepOf(name);
        return level.Names!.Add(name);
    }

    /// <summary>A value: in an array, the place moves on by one.</summary>
    public void Value()
    {
        if (_levels.TryPeek(out var level) && level.Names is null)
        {
            level.Step = "/" + ++level.Index;
        }
    }

    private static string Join(IEnumerable<Level> levels) => string.Concat(levels.Reverse().Select(level => level.Step));

    private sealed class Level(HashSet<string>? names)
    {
        public HashSet<string>? Names { get; } = names;

        public string Step { get; set; } = "";

        public int Index { get; set; } = -1;
    }
}
