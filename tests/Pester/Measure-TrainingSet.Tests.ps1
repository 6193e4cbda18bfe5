#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-TrainingSet' {
    $calls = @{
        Cmdlet          = 'Measure-TrainingSet'
        Prepare         = {
            Set-Content taken.html -Value mine
            Import-Outcar al-strain
        }
        Run             = { param($With, $Place) $Place.Data | Measure-TrainingSet -Report "$($Place.Fresh()).html" @With }
        Fail            = { param($With, $Place) $Place.Data | Measure-TrainingSet -Report taken.html @With }
        FailId          = 'FileExists'
        GivesWithWhatIf = $true
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'shows the way to reference energies' {
        $measured = Import-Outcar "$PSScriptRoot/../../samples/al-strain" | Measure-TrainingSet
        $measured.FrameCount | Should -Be 21
        "$($measured.Warnings)" | Should -Match 'New-IsolatedAtom Al'
    }
}
