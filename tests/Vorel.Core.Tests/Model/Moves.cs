namespace Vorel.Core.Tests.Model;

/// <summary>What histories of every model do to what is under way.</summary>
internal static class Moves
{
    /// <summary>Has an activity that is under way called a second time; one that is not is held up first.</summary>
    public static void CallTwice(this Machinery stage, Instance instance, int calls, int process, Course course)
    {
        if (instance.UnderWay.Count == 0)
        {
            stage.Call(instance, process, new Course(calls, Fate.HeldAfter));
        }

        if (instance.UnderWay.Count > 0)
        {
            stage.Tally.Count("an activity ran twice at once");
            stage.Call(instance, process, course);
        }
    }

    /// <summary>Handles every visible message, and lets every orchestration that is ready go one step, oldest first.</summary>
    public static void Proceed(this Machinery stage, int process)
    {
        for (var messages = stage.Visible.Count; messages > 0 && stage.Visible.Count > 0; messages--)
        {
            stage.Handle(0, process, Course.Whole);
        }

        foreach (var instance in stage.Ready)
        {
            stage.Call(instance, process, Course.Whole);
        }
    }

    public static void Lose(this Machinery stage, Instance instance)
    {
        stage.Tally.Count("an orchestration was lost");
        stage.Note(instance.Id + " is lost");
        stage.Hub.Remove(instance);
    }

    /// <summary>Lets an operation that stands still go as far as another course says.</summary>
    public static void Resume(this Machinery stage, Flight flight, Course course)
    {
        flight.Follow(course);
        stage.Resume(flight, flight.Next());
    }
}
